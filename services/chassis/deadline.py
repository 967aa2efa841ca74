"""Deadlines: the moment at which the caller stops waiting, passed on from service to service.

`X-Deadline` holds it in epoch milliseconds. A service refuses work that nobody waits for any
more, and gives its own calls no more time than it has left. Source: Google, "Site Reliability
Engineering", ch. 22, "Latency and deadlines".

From outside the shop a deadline is a wish: one that makes no sense or has passed is the client's
mistake, any other is brought between OUTSIDE_LEAST and OUTSIDE_MOST seconds from now.
"""

import time
from contextlib import contextmanager
from contextvars import ContextVar

from flask import request

from services.chassis import credential
from services.chassis.problems import Problem

HEADER = "X-Deadline"
OUTSIDE_LEAST, OUTSIDE_MOST = 0.25, 60
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


def begin():
    """Take the request's deadline; refuse it, before any work, if it has passed: 504, or 400 to
    a client.
    """
    _deadline.set(None)
    if HEADER not in request.headers:
        return
    given = _parse(request.headers[HEADER])
    _deadline.set(given if credential.is_shown() else _clamped(given))
    if remaining() == 0.0:
        raise Problem(504, "Le délai de l’appelant est passé : ce travail ne servirait à personne.")


def end(error):
    """Forget the request's deadline."""
    _deadline.set(None)


def _parse(milliseconds):
    try:
        return int(milliseconds) / 1000
    except (ValueError, OverflowError):
        raise Problem(400, f"{HEADER} n’est pas un nombre de millisecondes.") from None


def _clamped(seconds):
    now = time.time()
    if seconds <= now:
        raise Problem(400, f"Le délai de {HEADER} est déjà passé.")
    return min(max(seconds, now + OUTSIDE_LEAST), now + OUTSIDE_MOST)
