"""Leases and pauses, whatever becomes of the wall clock: they are measured, never written down."""

import time

import pytest
from pika.exceptions import UnroutableError
from sqlalchemy.orm import DeclarativeBase

from services.chassis import clock, lease, outbox
from services.chassis.database import Database
from services.chassis.lease import LEASE_SECONDS, Lease
from services.orders import models, runners

HOUR = 3600.0


class Base(DeclarativeBase):
    pass


class Clock:
    """A fake one, that a test moves."""

    seconds = 1000.0

    def __call__(self):
        return self.seconds

    def pass_by(self, seconds):
        self.seconds += seconds


@pytest.fixture
def ours():
    return Clock()


@pytest.fixture(params=[-HOUR, HOUR])
def set_the_clock(request, monkeypatch):
    """Set the machine's wall clock an hour back or forward."""
    true = time.time

    def change():
        monkeypatch.setattr(time, "time", lambda: true() + request.param)

    return change


@pytest.fixture
def database(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/lease.db")
    database = Database(Base)
    for module in (lease, outbox):
        database.include(module.Base)
    yield database
    database.close()


class Instance:
    """A process with the lease of a role, under its own name and by its own clock."""

    def __init__(self, name, database, now, monkeypatch):
        self.name, self.monkeypatch = name, monkeypatch
        self.lease = Lease(database, "relay", now)

    def take(self):
        self.monkeypatch.setenv("INSTANCE", self.name)
        return self.lease.take()


@pytest.fixture
def instance(database, monkeypatch):
    return lambda name, now: Instance(name, database, now, monkeypatch)


class TestLease:
    def test_one_holder(self, instance, ours):
        """While one renews it, no other gets it, for however long."""
        first, second = instance("orders-1", ours), instance("orders-2", ours)
        for _ in range(20):
            assert (first.take(), second.take()) == (True, False)
            ours.pass_by(LEASE_SECONDS / 2)

    def test_runs_out(self, instance, ours):
        """A holder that gives no sign is replaced, and knows that it no longer holds."""
        first, second = instance("orders-1", ours), instance("orders-2", ours)
        first.take()
        assert not second.take()
        ours.pass_by(LEASE_SECONDS + 0.1)

        assert (first.lease.held(), second.take(), first.take()) == (False, True, False)

    def test_never_two(self, instance, ours):
        """The other one's watch begins when it first looks, so the holder's time ends before."""
        first, second = instance("orders-1", ours), instance("orders-2", ours)
        first.take()
        ours.pass_by(LEASE_SECONDS - 0.1)
        assert not second.take()
        ours.pass_by(LEASE_SECONDS - 0.1)

        assert (first.lease.held(), second.take()) == (False, False)

    def test_clocks_that_agree_on_nothing(self, instance, ours):
        """Two machines: only how fast their clocks run is the same."""
        theirs = Clock()
        theirs.seconds = -1e9
        first, second = instance("orders-1", ours), instance("orders-2", theirs)
        first.take()
        second.take()
        theirs.pass_by(LEASE_SECONDS + 0.1)

        assert second.take()

    def test_wall_clock(self, instance, ours, set_the_clock):
        """An hour back or forward changes nothing: the dead are replaced, the living are not."""
        first, second = instance("orders-1", ours), instance("orders-2", ours)
        first.take()
        second.take()
        set_the_clock()
        assert (first.take(), second.take()) == (True, False)
        ours.pass_by(LEASE_SECONDS + 0.1)

        assert second.take()

    def test_restart(self, instance, ours):
        """An instance that was killed takes its own lease back at once."""
        instance("orders-1", ours).take()

        assert instance("orders-1", ours).take()


class Deaf:
    """A channel whose broker finds nobody to give a message to."""

    def __init__(self):
        self.asked = 0

    def basic_publish(self, *_):
        self.asked += 1
        raise UnroutableError([])


def test_relay(database, ours, set_the_clock):
    """What had to wait is published again after its pause, whatever the wall clock says."""
    with database.transaction() as session:
        outbox.record(session, "order.created", "7", {})
    relay, channel = outbox.Relay(database, ours), Deaf()
    relay.run_once(channel)
    set_the_clock()
    relay.run_once(channel)
    assert channel.asked == 1
    ours.pass_by(5.0)
    relay.run_once(channel)

    assert channel.asked == 2


class TestSaga:
    @pytest.fixture(autouse=True)
    def orders(self, tmp_path, monkeypatch, ours):
        """The sagas of an orders of its own, watched by a clock of ours."""
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/orders.db")
        database = Database(models.Base)
        for module in (models, runners):
            monkeypatch.setattr(module, "database", database)
        monkeypatch.setattr(runners, "_watched", clock.Unchanged(ours))
        with database.transaction() as session:
            runners.grant(session, "o1")
        yield database
        database.close()

    def take(self, database):
        with database.transaction() as session:
            return runners.take(session, "o1")

    def test_wall_clock(self, orders, ours, set_the_clock):
        """Neither a twin that waits an hour, nor an order cancelled before its time."""
        self.take(orders)
        set_the_clock()
        assert self.take(orders) is None
        ours.pass_by(runners.LEASE)
        found = self.take(orders)

        assert found.fence == 2
        assert runners.time_left(found) == runners.timeout() - runners.LEASE

    def test_age(self, orders, ours):
        """An order that is not paid for is out of time after so many seconds, and not before."""
        self.take(orders)
        for _ in range(int(runners.timeout() / runners.LEASE)):
            assert runners.time_left(self.saga(orders)) > 0
            ours.pass_by(runners.LEASE)
            self.take(orders)

        assert runners.time_left(self.saga(orders)) == 0

    def test_due(self, orders, ours, set_the_clock):
        """What rests is due after its pause."""
        runners.rest("o1", self.take(orders).fence)
        set_the_clock()
        assert runners.due() == []
        ours.pass_by(runners.LONGEST_PAUSE)

        assert [saga.order_id for saga in runners.due()] == ["o1"]

    def saga(self, database):
        with database.reading() as session:
            return session.get(models.Saga, "o1")
