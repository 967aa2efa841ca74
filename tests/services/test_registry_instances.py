"""Heartbeats keep an address alive; silence and farewells end it."""

import time

import pytest

from services.registry.instances import Instances, Replaced, Unregistered
from workbook.waiting import until

HERE, THERE = "http://127.0.0.1:4001", "http://127.0.0.1:5001"


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
    lease, _ = instances.register("orders", "orders-2", "http://127.0.0.1:4002")
    clock.now += 2
    instances.renew("orders", "orders-2", "http://127.0.0.1:4002", lease)
    clock.now += 1

    assert names(instances) == ["orders-2"]


def test_tells_a_newcomer_from_a_successor(instances, clock):
    """The first registration, and the first after an expiry, are news."""
    first, is_new = instances.register("orders", "orders-1", HERE)
    second, is_news = instances.register("orders", "orders-1", THERE)
    clock.now += 3
    third, is_new_again = instances.register("orders", "orders-1", HERE)

    assert (is_new, is_news, is_new_again) == (True, False, True)
    assert first < second < third


def test_follows_an_instance_that_moves(instances):
    """A restart under the same name has a new address at once."""
    instances.register("orders", "orders-1", HERE)
    instances.register("orders", "orders-1", THERE)

    assert [entry["url"] for entry in instances.live("orders")] == [THERE]


def test_lets_go_at_once(instances):
    """Leaving, and leaving twice, is simply to be gone."""
    lease, _ = instances.register("orders", "orders-1", HERE)
    instances.leave("orders", "orders-1", lease)
    instances.leave("orders", "orders-1", lease)

    assert names(instances) == []


def test_hears_the_latest_only(instances):
    """Who was replaced and wakes up, or leaves, does not touch its successor."""
    old, _ = instances.register("orders", "orders-1", HERE)
    instances.register("orders", "orders-1", THERE)

    with pytest.raises(Replaced):
        instances.renew("orders", "orders-1", HERE, old)
    with pytest.raises(Replaced):
        instances.leave("orders", "orders-1", old)
    assert [entry["url"] for entry in instances.live()] == [THERE]


def test_hears_no_heartbeat_after_the_farewell(instances, clock):
    """One that was on its way registers nobody, nor does one that comes after the expiry."""
    left, _ = instances.register("orders", "orders-1", HERE)
    instances.leave("orders", "orders-1", left)
    silent, _ = instances.register("orders", "orders-2", HERE)
    clock.now += 3

    for name, lease in (("orders-1", left), ("orders-2", silent)):
        with pytest.raises(Unregistered):
            instances.renew("orders", name, HERE, lease)
    assert names(instances) == []


def test_gives_no_lease_twice(clock):
    """Not after a restart either: an old heartbeat would pass for somebody else's."""
    first, _ = Instances(ttl=3, clock=clock).register("orders", "orders-1", HERE)
    until(lambda: time.time() * 1e6 > first + 1, seconds=1)
    second, _ = Instances(ttl=3, clock=clock).register("orders", "orders-1", HERE)

    assert first < second


def test_keeps_services_apart(instances):
    """One service's instances are not another's."""
    instances.register("users", "users-1", "http://127.0.0.1:4003")
    instances.register("orders", "orders-1", "http://127.0.0.1:4001")

    assert names(instances, "users") == ["users-1"]
    assert names(instances) == ["orders-1", "users-1"]
