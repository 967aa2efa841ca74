"""Deadlines: the moment the caller stops listening, passed on from service to service.

`X-Deadline` holds it in epoch milliseconds. A service refuses work that nobody waits for any
more, and gives its own calls no more time than it has left. Source: Google, "Site Reliability
Engineering", ch. 22, "Latency and deadlines".
"""

import time
from contextlib import contextmanager
from contextvars import ContextVar

from flask import request

from services.chassis.problems import Problem

HEADER = "X-Deadline"
_deadline = ContextVar("deadline", default=None)


def current():
    """The deadline in epoch seconds, or None when the caller set none."""
    return _deadline.get()


def remaining(limit=None):
    """Seconds left, at most `limit`; None when there is neither. Never below 0."""
    if current() is None:
        return limit
    left = max(0.0, current() - time.time())
    return left if limit is None else min(left, limit)


@contextmanager
def within(seconds):
    """Give the calls made in this block `seconds` in all, or less if the caller gave less."""
    token = _deadline.set(time.time() + remaining(seconds))
    try:
        yield
    finally:
        _deadline.reset(token)


def install(app):
    """Refuse requests whose deadline has passed, before any work is done."""
    app.before_request_funcs.setdefault(None, []).insert(0, _enter)
    app.teardown_request_funcs.setdefault(None, []).append(_leave)


def _enter():
    _deadline.set(_parse(request.headers.get(HEADER)))
    if remaining() == 0.0:
        raise Problem(504, "Le délai de l’appelant est passé : ce travail ne servirait à personne.")


def _leave(error):
    _deadline.set(None)


def _parse(milliseconds):
    try:
        return int(milliseconds) / 1000
    except (TypeError, ValueError):
        return None
