"""Faults on demand: slowness, hanging, errors, and crash points.

    GET /internal/faults   the faults in force        } for the bearer of CONTROL_TOKEN,
    PUT /internal/faults   {"slow": 0.5, "error_rate": 0.2, "hang": true}   } 404 for others

A crash point is a named line where the process may die by SIGKILL: `FAULT=orders:after_commit:7`
kills `orders` the 7th time it passes `crash_point("after_commit")`. Enumerating them finds what a
random kill finds one time in eleven. A count of 0 kills nobody: each pass is told on standard
output, which says how many there are to enumerate.
"""

import hmac
import os
import random
import signal
import threading

from flask import Blueprint, abort, request

from services.chassis import output, settings
from services.chassis.lifecycle import lifecycle
from services.chassis.problems import Problem

blueprint = Blueprint("faults", __name__)
_faults = {}
_hanging = threading.Condition()
_passes = {}
_counting = threading.Lock()
LIMITS = {"slow": ((int, float), 60), "error_rate": ((int, float), 1), "hang": ((bool,), True)}


def install(app):
    """Let the faults in force spoil the requests of `app`."""
    app.before_request_funcs.setdefault(None, []).insert(0, _spoil)


def crash_point(name):
    """Die here by SIGKILL if FAULT says that this is the pass to die on."""
    if not settings.fault():
        return
    with _counting:
        _passes[name] = count = _passes.get(name, 0) + 1
    wanted, here = settings.fault().split(","), f"{settings.service_name()}:{name}"
    if f"{here}:{count}" in wanted:
        output.event("crash", point=name, count=count)
        os.kill(os.getpid(), signal.SIGKILL)
    if f"{here}:0" in wanted:
        output.event("pass", point=name, count=count)


@blueprint.get("/internal/faults")
def show_faults():
    _require_control()
    return _faults


@blueprint.put("/internal/faults")
def set_faults():
    _require_control()
    wanted = _validated(request.get_json())
    _faults.clear()
    _faults.update(wanted)
    with _hanging:
        _hanging.notify_all()
    return _faults


def _spoil():
    if not _faults:
        return
    lifecycle.stopping.wait(_faults.get("slow", 0))
    with _hanging:
        _hanging.wait_for(lambda: not _faults.get("hang"))
    if random.random() < _faults.get("error_rate", 0):
        raise Problem(500, "Panne provoquée pour l’exercice.")


def _require_control():
    """Where no token is set there is no control, and nothing to see."""
    token = settings.control_token()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        abort(404)


def _validated(wanted):
    """The faults asked for, without those that are off; 422 for what makes no sense."""
    if not isinstance(wanted, dict) or not wanted.keys() <= LIMITS.keys():
        abort(422, f"Les pannes possibles sont {', '.join(LIMITS)}.")
    for name, value in wanted.items():
        kinds, highest = LIMITS[name]
        if type(value) not in kinds or not 0 <= value <= highest:
            abort(422, f"{name} doit être entre 0 et {highest}.")
    return {name: value for name, value in wanted.items() if value}
