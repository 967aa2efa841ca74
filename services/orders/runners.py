"""Runners: a lease lets one runner at a time advance a saga, even with several instances of orders.

A lease lasts LEASE seconds and is renewed before each command; its holder dead, it runs out. A
holder that was only asleep (a paused process) still believes that it holds it: its fencing number
is then out of date, and the saga's log refuses what it writes.

No time is written down, for the wall clock may be set meanwhile (chassis, clock.py). Each change of
a saga says for how long nobody else is to touch it (`pause`), and adds to its `age` the seconds
that whoever makes it has watched it; a restart forgets what nobody watched.
Source: Kleppmann, "How to do distributed locking".
"""

import random
import time

from sqlalchemy import select, update

from services.chassis import clock, deadline, settings, telemetry
from services.orders.models import Saga, database

LEASE = 5.0  # seconds: longer than any one command with its retries
LONGEST_PAUSE = 2.0  # seconds between two attempts, however long a participant has been out

_watched = clock.Unchanged()


class LeaseLost(Exception):
    """Another runner has taken the saga over."""


def timeout():
    """Seconds after which an order that is not paid is cancelled."""
    return settings.number("SAGA_TIMEOUT", 60)


def grant(session, order_id):
    """Open a saga: its creator may take it at once, any other runner once LEASE is over."""
    mine = {"holder": settings.instance(), "pause": LEASE}
    session.add(Saga(order_id=order_id, trace=telemetry.inject({}), **mine))


def take(session, order_id):
    """The saga, now leased to this instance; None while another runner holds it."""
    saga = session.get(Saga, order_id, with_for_update=True)
    if saga.finished or not (_is_ours_to_begin(saga) or _waited(saga) >= saga.pause):
        return None
    saga.fence += 1
    _change(saga, LEASE, settings.instance())
    return saga


def hold(session, order_id, fence):
    """The saga, locked, its lease renewed; raises LeaseLost when `fence` is out of date."""
    saga = session.get(Saga, order_id, with_for_update=True)
    if saga.fence != fence:
        raise LeaseLost(f"{order_id} is now run by {saga.holder}")
    _change(saga, LEASE, saga.holder)
    return saga


def rest(order_id, fence):
    """Give the lease back and plan the next attempt: the pause doubles each time, with jitter."""
    with database.transaction() as session:
        saga = session.get(Saga, order_id, with_for_update=True)
        if saga.fence == fence:
            pause = min(LONGEST_PAUSE, 0.1 * 2**saga.attempts) * random.uniform(0.5, 1)
            saga.attempts += 1
            put_down(saga, pause)


def put_down(saga, pause):
    """Give the lease back: nobody takes the saga for `pause` seconds."""
    _change(saga, pause, None)


def time_left(saga):
    """Seconds before time is up for an order that is not paid; 0.0 once it is."""
    return max(0.0, timeout() - saga.age)


def wait(order_id):
    """Wait while another runner holds the saga, for as long as the deadline allows."""
    while is_held(order_id) and deadline.remaining(LEASE):
        time.sleep(0.02)


def is_held(order_id):
    with database.reading() as session:
        saga = session.get(Saga, order_id)
        return saga.holder is not None and _waited(saga) < saga.pause


def due(limit=100):
    """The sagas that wait for a runner, the longest waiting first."""
    with database.reading() as session:
        unfinished = session.scalars(select(Saga).where(~Saga.finished)).all()
    _watched.keep_only([saga.order_id for saga in unfinished])
    late = [(_waited(saga) - saga.pause, saga) for saga in unfinished]
    late.sort(key=lambda one: -one[0])
    return [saga for seconds, saga in late[:limit] if seconds >= 0]


def release_held():
    """After a restart: release the sagas that this instance held."""
    mine = update(Saga).where(Saga.holder == settings.instance(), ~Saga.finished)
    with database.transaction() as session:
        session.execute(mine.values(holder=None, pause=0, beat=Saga.beat + 1))


def _is_ours_to_begin(saga):
    """Whether nobody has taken it yet, and it was created in this very trace.

    A second request with the same key finds it too, and would carry it in a trace of its own.
    """
    return saga.fence == 0 and _trace_id(saga.trace) == _trace_id(telemetry.inject({}))


def _trace_id(headers):
    """The trace id of a `traceparent` (W3C Trace Context), "" where nobody traces."""
    return headers.get("traceparent", "-").split("-")[1]


def _waited(saga):
    """For how many seconds we have seen the saga as it is."""
    return _watched.seconds(saga.order_id, saga.beat)


def _change(saga, pause, holder):
    saga.age += _waited(saga)
    saga.beat += 1
    saga.pause, saga.holder = pause, holder
    _waited(saga)
