"""Faults on demand: slowness, hanging, errors, and crash points.

    GET /internal/faults   the faults in force        } for the bearer of CONTROL_TOKEN,
    PUT /internal/faults   {"slow": 0.5, "error_rate": 0.2, "hang": true}   } 404 for others

A crash point is a named line where the process may die by SIGKILL: `FAULT=orders:after_commit:7`
kills `orders` the 7th time it passes `crash_point("after_commit")`; so does, counting from now,
PUT {"crash": "orders:after_commit:7"}. Enumerating them finds what a random kill finds one time in
eleven. A count of 0 kills nobody: each pass is told on standard output, which says how many there
are to enumerate.
"""

import hmac
import os
import random
import re
import signal
import threading

from flask import Blueprint, abort, request

from services.chassis import output, settings
from services.chassis.lifecycle import lifecycle
from services.chassis.problems import Problem

blueprint = Blueprint("faults", __name__)
_told = None  # by /internal/faults, in the place of FAULT
_hanging = threading.Condition()
_passes = {}
_counting = threading.Lock()
CRASHES = re.compile(r"[\w-]+:\w+:\d+(,[\w-]+:\w+:\d+)*")


def install(app):
    """Let the faults in force spoil the requests of `app`."""
    app.before_request_funcs.setdefault(None, []).insert(0, _spoil)


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
    if f"{here}:0" in wanted:
        output.event("pass", point=name, count=count)


def in_force():
    """The faults that were asked for, by name; until any were, those of FAULT."""
    if _told is not None:
        return _told
    return {"crash": settings.fault()} if settings.fault() else {}


@blueprint.get("/internal/faults")
def show_faults():
    _require_control()
    return in_force()


@blueprint.put("/internal/faults")
def set_faults():
    global _told
    _require_control()
    wanted = _validated(request.get_json())
    with _counting:
        _told = wanted
        _passes.clear()
    with _hanging:
        _hanging.notify_all()
    return wanted


def _spoil():
    if not in_force():
        return
    lifecycle.stopping.wait(in_force().get("slow", 0))
    with _hanging:
        _hanging.wait_for(lambda: not in_force().get("hang"))
    if random.random() < in_force().get("error_rate", 0):
        raise Problem(500, "Panne provoquée pour l’exercice.")


def _require_control():
    """Where no token is set there is no control, and nothing to see."""
    token = settings.control_token()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
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
