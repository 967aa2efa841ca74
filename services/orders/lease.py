"""Lease: one runner at a time for each saga, even with several instances of orders.

A lease lasts LEASE seconds and is renewed before each command; its holder dead, it runs out. A
holder that was only asleep (a paused process) wakes up believing that it still holds it: its
fencing number is then out of date, and the log refuses what it writes.
Source: Kleppmann, "How to do distributed locking".
"""

import random
import time

from sqlalchemy import or_, select, update

from services.chassis import deadline, settings, telemetry
from services.orders.models import Saga, database

LEASE = 5.0  # seconds: longer than any one command with its retries
LONGEST_PAUSE = 2.0  # seconds between two attempts, however long a participant has been out


class LeaseLost(Exception):
    """Another runner has taken the saga over."""


def timeout():
    """Seconds after which an order that is not paid is cancelled."""
    return settings.number("SAGA_TIMEOUT", 60)


def grant(session, order_id, wake_in, holder=None):
    """Open a saga for its creator to take at once, and for anybody in `wake_in` seconds."""
    now = time.time()
    expires_at = now + timeout()
    trace = telemetry.inject({})
    session.add(
        Saga(
            order_id=order_id,
            holder=holder,
            wake_at=now + wake_in,
            expires_at=expires_at,
            trace=trace,
        )
    )


def take(session, order_id):
    """The saga, if it is at rest, now ours for LEASE seconds; None while somebody else has it."""
    now = time.time()
    at_rest = or_(Saga.wake_at <= now, Saga.fence == 0)
    return session.scalar(
        update(Saga)
        .where(Saga.order_id == order_id, ~Saga.finished, at_rest)
        .values(fence=Saga.fence + 1, holder=settings.instance(), wake_at=now + LEASE)
        .returning(Saga)
    )


def hold(session, order_id, fence):
    """The saga, locked, its lease renewed; raises LeaseLost when `fence` is out of date."""
    saga = session.get(Saga, order_id, with_for_update=True)
    if saga.fence != fence:
        raise LeaseLost(f"{order_id} is carried by {saga.holder}")
    saga.wake_at = time.time() + LEASE
    return saga


def rest(order_id, fence):
    """Put the saga down for a while, twice as long at each attempt, with jitter."""
    with database.transaction() as session:
        saga = session.get(Saga, order_id, with_for_update=True)
        if saga.fence == fence:
            pause = min(LONGEST_PAUSE, 0.1 * 2**saga.attempts) * random.uniform(0.5, 1)
            saga.attempts, saga.holder, saga.wake_at = saga.attempts + 1, None, time.time() + pause


def wait(order_id):
    """Wait while somebody else carries the saga, for as long as the deadline allows."""
    while is_carried(order_id) and deadline.remaining(LEASE):
        time.sleep(0.02)


def is_carried(order_id):
    with database.reading() as session:
        saga = session.get(Saga, order_id)
        return saga.holder is not None and saga.wake_at > time.time()


def due(limit=100):
    """The sagas that wait for a runner, the longest waiting first."""
    waiting = select(Saga).where(~Saga.finished, Saga.wake_at <= time.time())
    with database.reading() as session:
        return session.scalars(waiting.order_by(Saga.wake_at).limit(limit)).all()


def inherit():
    """At the start: what an instance of this name was carrying, it carried in a former life."""
    mine = update(Saga).where(Saga.holder == settings.instance(), ~Saga.finished)
    with database.transaction() as session:
        session.execute(mine.values(wake_at=0, holder=None))
