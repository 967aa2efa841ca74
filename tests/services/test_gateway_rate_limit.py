"""The token bucket: bursts pass, floods wait, nobody starves anybody else."""

import pytest

from services.gateway import rate_limit
from services.gateway.rate_limit import RateLimit


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limit(clock):
    return RateLimit(rate=10, burst=20, clock=clock)


def admitted(limit, identity, requests):
    return sum(limit.take(identity) == 0 for _ in range(requests))


def test_lets_a_burst_pass(limit):
    """A full bucket is there to be emptied at once, and not one token further."""
    assert admitted(limit, "alice", 50) == 20


def test_refills_with_time(limit, clock):
    """Half a second at ten a second is five requests."""
    admitted(limit, "alice", 50)
    clock.now += 0.5

    assert admitted(limit, "alice", 50) == 5


def test_never_holds_more_than_the_burst(limit, clock):
    """An idle hour earns one burst, not an hour's worth of requests."""
    admitted(limit, "alice", 50)
    clock.now += 3600

    assert admitted(limit, "alice", 50) == 20


def test_has_no_window_edge(limit, clock):
    """Two bursts around the turn of a second are one burst and what a moment refills."""
    clock.now = 1000.9
    around_the_edge = admitted(limit, "alice", 50)
    clock.now = 1001.05
    around_the_edge += admitted(limit, "alice", 50)

    assert around_the_edge == 21


def test_gives_each_identity_its_own_bucket(limit):
    """Alice's flood costs Bob nothing."""
    admitted(limit, "alice", 50)

    assert admitted(limit, "bob", 20) == 20


def test_says_how_long_to_wait(limit, clock):
    """Whoever waits as told is admitted."""
    admitted(limit, "alice", 20)
    clock.now += limit.take("alice")

    assert limit.take("alice") == 0


def test_refused_requests_cost_nothing(limit, clock):
    """Hammering a closed door does not keep it closed."""
    admitted(limit, "alice", 500)
    clock.now += 0.1

    assert admitted(limit, "alice", 5) == 1


def test_forgets_identities_at_rest(limit, clock, monkeypatch):
    """A flood of invented identities leaves no memory behind once it stops."""
    monkeypatch.setattr(rate_limit, "MANY", 100)
    for number in range(100):
        limit.take(f"invented-{number}")
    clock.now += 60
    limit.take("alice")

    assert list(limit.buckets) == ["alice"]
