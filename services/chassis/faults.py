"""Faults on demand: slowness, hanging, errors, and crash points.

    GET /internal/faults   the faults in force        } for whoever has the run's credential,
    PUT /internal/faults   {"slow": 0.5, "error_rate": 0.2, "hang": true}   } 404 for others

A crash point is a named line where the process may die by SIGKILL: `FAULT=orders:after_commit:7`
kills `orders` the 7th time it passes `crash_point("after_commit")`; so does, counting from now,
PUT {"crash": "orders:after_commit:7"}. Enumerating them finds what a random kill finds one time in
eleven. A count of 0 kills nobody: each pass is reported on standard output, and so counted.
With `:sleep` after the count, the process does not die there but stops (SIGSTOP), until somebody
lets it go on (SIGCONT).
"""

import os
import random
import re
import signal
import threading
from contextlib import ExitStack

from flask import Blueprint, abort, request

from services.chassis import credential, output, settings
from services.chassis.lifecycle import lifecycle
from services.chassis.problems import Problem

PATH = "/internal/faults"
blueprint = Blueprint("faults", __name__)
_requested = None  # by /internal/faults, in the place of FAULT
_hanging = threading.Condition()
_passes, _turns = {}, []
_counting = threading.Lock()
CRASHES = re.compile(r"[\w-]+:\w+:\d+(:sleep)?(,[\w-]+:\w+:\d+(:sleep)?)*")


def crash_point(name):
    """Die here by SIGKILL if the faults in force say that this is the pass to die on."""
    if "crash" not in in_force():
        return
    with _counting:
        _passes[name] = count = _passes.get(name, 0) + 1
        wanted = in_force().get("crash", "").split(",")
    here = f"{settings.service_name()}:{name}"
    if f"{here}:{count}" in wanted:
        output.event("crash", point=name, count=count)
        os.kill(os.getpid(), signal.SIGKILL)
    if f"{here}:{count}:sleep" in wanted:
        _sleep(point=name, count=count)
    if f"{here}:0" in wanted:
        output.event("pass", point=name, count=count)


def sleep_without(turn):
    """Have `turn()`, a context manager, when the process falls asleep: no other thread of it does.

    Asleep with the lock of a database that it shares, it would stop its twins too.
    """
    _turns.append(turn)


def _sleep(**where):
    with ExitStack() as all_of_them:
        for turn in _turns:
            all_of_them.enter_context(turn())
        output.event("asleep", **where)
        # To this thread, which stops here; told the whole process, it would go on for a moment.
        signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)


def in_force():
    """The faults requested, by name; as long as there was no request, those of FAULT."""
    if _requested is not None:
        return _requested
    return {"crash": settings.fault()} if settings.fault() else {}


@blueprint.get(PATH)
def show_faults():
    _require_control()
    return in_force()


@blueprint.put(PATH)
def set_faults():
    global _requested
    _require_control()
    wanted = _validated(request.get_json())
    with _counting:
        _requested = wanted
        _passes.clear()
    with _hanging:
        _hanging.notify_all()
    return wanted


def spoil():
    """Let the faults in force spoil the request: slow, hanging, or a 500."""
    if not in_force():
        return
    lifecycle.stopping.wait(in_force().get("slow", 0))
    with _hanging:
        _hanging.wait_for(lambda: not in_force().get("hang"))
    if random.random() < in_force().get("error_rate", 0):
        raise Problem(500, "Panne provoquée pour l’exercice.")


def _require_control():
    """For strangers there is nothing to see."""
    if not credential.is_shown():
        abort(404)


def _validated(wanted):
    """The faults asked for, without those that are off; 422 for what makes no sense."""
    if not isinstance(wanted, dict) or not wanted.keys() <= ALLOWED.keys():
        abort(422, f"Les pannes possibles sont {', '.join(ALLOWED)}.")
    for name, value in wanted.items():
        makes_sense, sense = ALLOWED[name]
        if not makes_sense(value):
            abort(422, f"{name} doit être {sense}.")
    return {name: value for name, value in wanted.items() if value}


def _up_to(highest):
    return lambda value: type(value) in (int, float) and 0 <= value <= highest


ALLOWED = {
    "slow": (_up_to(60), "un nombre de secondes, de 0 à 60"),
    "error_rate": (_up_to(1), "un nombre, de 0 à 1"),
    "hang": (lambda value: isinstance(value, bool), "true ou false"),
    "crash": (
        lambda value: isinstance(value, str) and (not value or CRASHES.fullmatch(value)),
        "de la forme service:point:passage, par exemple orders:after_commit:7",
    ),
}
