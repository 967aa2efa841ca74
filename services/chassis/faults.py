"""Faults on demand: slowness, hanging, errors, and crash points.

    GET /internal/faults   the faults in force        } for the bearer of CONTROL_TOKEN,
    PUT /internal/faults   {"slow": 0.5, "error_rate": 0.2, "hang": true}   } 404 for others

A crash point is a named line where the process may die by SIGKILL: `FAULT=orders:after_commit:7`
kills `orders` the 7th time it passes `crash_point("after_commit")`. Enumerating them finds what a
random kill finds one time in eleven.
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
_lifted = threading.Event()
_passes = {}
_counting = threading.Lock()
LIMITS = {"slow": (float, 0, 60), "error_rate": (float, 0, 1), "hang": (bool, 0, 1)}


def install(app):
    """Let the faults in force spoil the requests of `app`."""
    app.before_request_funcs.setdefault(None, []).insert(0, _spoil)


def crash_point(name):
    """Die here by SIGKILL if FAULT says that this is the pass to die on."""
    if not settings.fault():
        return
    with _counting:
        _passes[name] = count = _passes.get(name, 0) + 1
    if f"{settings.service_name()}:{name}:{count}" in settings.fault().split(","):
        output.event("crash", point=name, count=count)
        os.kill(os.getpid(), signal.SIGKILL)


@blueprint.get("/internal/faults")
def show_faults():
    _require_control()
    return _faults


@blueprint.put("/internal/faults")
def set_faults():
    _require_control()
    wanted = request.get_json()
    for name, value in wanted.items():
        _validate(name, value)
    _faults.clear()
    _faults.update({name: value for name, value in wanted.items() if value})
    _lifted.set() if not wanted.get("hang") else _lifted.clear()
    return _faults


def _spoil():
    if _faults.get("slow"):
        lifecycle.stopping.wait(_faults["slow"])
    if _faults.get("hang"):
        _lifted.wait()
    if random.random() < _faults.get("error_rate", 0):
        raise Problem(500, "Panne provoquée pour l'exercice.")


def _require_control():
    """Where no token is set there is no control, and nothing to see."""
    token = settings.control_token()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        abort(404)


def _validate(name, value):
    if name not in LIMITS:
        abort(422, f"Panne inconnue : {name}. Les pannes sont {', '.join(LIMITS)}.")
    kind, low, high = LIMITS[name]
    if not isinstance(value, int | float) or not low <= kind(value) <= high:
        abort(422, f"{name} doit être entre {low} et {high}.")
