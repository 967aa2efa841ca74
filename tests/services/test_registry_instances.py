"""Heartbeats keep an address alive; silence and farewells end it."""

import pytest

from services.registry.instances import Instances


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def instances(clock):
    return Instances(ttl=3, clock=clock)


def names(instances, service=None):
    return [entry["instance"] for entry in instances.live(service)]


def test_lists_who_registered(instances):
    """An address is known as soon as it is registered, for its TTL."""
    instances.register("orders", "orders-1", "http://127.0.0.1:4001")

    assert instances.live("orders") == [
        {
            "service": "orders",
            "instance": "orders-1",
            "url": "http://127.0.0.1:4001",
            "expires_in": 3,
        }
    ]


def test_forgets_the_silent(instances, clock):
    """kill -9 sends no farewell: three seconds of silence do."""
    instances.register("orders", "orders-1", "http://127.0.0.1:4001")
    instances.register("orders", "orders-2", "http://127.0.0.1:4002")
    clock.now += 2
    instances.register("orders", "orders-2", "http://127.0.0.1:4002")
    clock.now += 1

    assert names(instances) == ["orders-2"]


def test_tells_a_newcomer_from_a_heartbeat(instances, clock):
    """The first registration, and the first after an expiry, are news; heartbeats are not."""
    first = instances.register("orders", "orders-1", "http://127.0.0.1:4001")
    beat = instances.register("orders", "orders-1", "http://127.0.0.1:4001")
    clock.now += 3
    again = instances.register("orders", "orders-1", "http://127.0.0.1:4001")

    assert (first, beat, again) == (True, False, True)


def test_follows_an_instance_that_moves(instances):
    """Restarted on another port, an instance has one address: the new one."""
    instances.register("orders", "orders-1", "http://127.0.0.1:4001")
    instances.register("orders", "orders-1", "http://127.0.0.1:5001")

    assert [entry["url"] for entry in instances.live("orders")] == ["http://127.0.0.1:5001"]


def test_lets_go_at_once(instances):
    """Leaving, and leaving twice, is simply to be gone."""
    instances.register("orders", "orders-1", "http://127.0.0.1:4001")
    instances.leave("orders", "orders-1")
    instances.leave("orders", "orders-1")

    assert names(instances) == []


def test_keeps_services_apart(instances):
    """One service's instances are not another's."""
    instances.register("users", "users-1", "http://127.0.0.1:4003")
    instances.register("orders", "orders-1", "http://127.0.0.1:4001")

    assert names(instances, "users") == ["users-1"]
    assert names(instances) == ["orders-1", "users-1"]
