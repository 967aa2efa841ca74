"""Client-side discovery: caching, turns, and living on without the registry."""

import pytest

from services.chassis.discovery import CACHE_SECONDS, GRACE_SECONDS, SUSPECT_SECONDS, Addresses


class Registry:
    """What the registry answers, and the clock."""

    def __init__(self):
        self.answer, self.now, self.asked = ["http://a", "http://b", "http://c"], 100.0, 0

    def fetch(self, service):
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def registry():
    return Registry()


@pytest.fixture
def addresses(registry):
    return Addresses("orders", registry.fetch, clock=lambda: registry.now)


def test_takes_turns(addresses):
    """Successive calls begin at successive instances."""
    firsts = [addresses.in_turn()[0] for _ in range(6)]

    assert firsts == ["http://a", "http://b", "http://c"] * 2


def test_asks_once_a_second(addresses, registry):
    for _ in range(5):
        addresses.in_turn()
    assert registry.asked == 1

    registry.now += CACHE_SECONDS
    addresses.in_turn()

    assert registry.asked == 2


def test_survives_a_silent_registry(addresses, registry):
    """Last known addresses serve for as long as nobody says otherwise."""
    addresses.in_turn()
    registry.answer = ConnectionRefusedError()
    registry.now += 10 * GRACE_SECONDS

    assert len(addresses.in_turn()) == 3


def test_survives_a_newborn_registry(addresses, registry):
    """A registry that has just restarted knows nobody until the next heartbeats."""
    addresses.in_turn()
    registry.answer = []
    registry.now += 2

    assert len(addresses.in_turn()) == 3


def test_believes_in_the_end(addresses, registry):
    """Nobody for that long is really nobody."""
    addresses.in_turn()
    registry.answer = []
    registry.now += GRACE_SECONDS + 1

    assert addresses.in_turn() == []


def test_nobody_yet_is_asked_again(addresses, registry):
    """Services start together: the first call may come before the other has registered."""
    registry.answer = []
    assert addresses.in_turn() == []
    registry.answer = ["http://a"]

    assert addresses.in_turn() == ["http://a"]


def test_suspects_come_last(addresses, registry):
    """Who refused a call is not the first to get the next one, but still the last resort."""
    addresses.in_turn()
    addresses.suspect("http://b")

    assert {addresses.in_turn()[-1] for _ in range(6)} == {"http://b"}
    assert registry.asked == 2

    registry.now += SUSPECT_SECONDS + 0.1

    assert {addresses.in_turn()[0] for _ in range(3)} == {"http://a", "http://b", "http://c"}
