"""Retries, their budget, the bulkhead and the deadline: the small rules of calling others."""

import threading

import pytest

from services.chassis import deadline
from services.chassis.bulkhead import Bulkhead, BulkheadFull
from services.chassis.retry import RetryBudget, backoff, repeatable


@pytest.mark.parametrize(
    ("method", "key", "expected"),
    [
        ("GET", None, True),
        ("HEAD", None, True),
        ("POST", None, False),
        ("PUT", None, False),
        ("DELETE", None, False),
        ("POST", "order-7", True),
        ("PUT", "order-7", True),
    ],
)
def test_only_safe_or_keyed_requests_are_repeatable(method, key, expected):
    assert repeatable(method, key) is expected


def test_backoff_grows_and_is_capped():
    """Full jitter: anything between nothing and the exponential, never more than the cap."""
    highest = [max(backoff(number, base=0.1, cap=1.0) for _ in range(500)) for number in range(6)]

    assert highest[0] <= 0.1 < highest[3] <= 0.8
    assert highest[5] <= 1.0


def test_backoff_is_spread_out():
    """Twenty clients that fail together do not come back together."""
    waits = [backoff(3, base=0.1) for _ in range(200)]

    assert min(waits) < 0.2
    assert max(waits) > 0.6


class TestBudget:
    def test_allows_a_tenth(self):
        """A hundred calls pay for ten retries, besides the reserve."""
        budget = RetryBudget(ratio=0.1, reserve=10, per_second=0, clock=lambda: 0.0)
        while budget.spend():
            pass
        for _ in range(100):
            budget.earn()

        assert sum(budget.spend() for _ in range(100)) in (9, 10)

    def test_comes_back_with_time(self):
        """A quiet service may retry again after a while."""
        now = [0.0]
        budget = RetryBudget(reserve=2, per_second=1, clock=lambda: now[0])
        assert [budget.spend() for _ in range(3)] == [True, True, False]

        now[0] += 1

        assert [budget.spend() for _ in range(2)] == [True, False]


class TestBulkhead:
    def test_refuses_one_too_many(self):
        bulkhead = Bulkhead("payments", limit=2, wait=0.01)
        with bulkhead.place(), bulkhead.place(), pytest.raises(BulkheadFull), bulkhead.place():
            pytest.fail("a third call got a place")

    def test_gives_the_place_back(self):
        """Also when the call failed."""
        bulkhead = Bulkhead("payments", limit=1, wait=0.01)
        for _ in range(3):
            with pytest.raises(ValueError, match="boom"), bulkhead.place():
                raise ValueError("boom")

    def test_waits_a_little_for_a_place(self):
        """A healthy dependency frees places all the time: no need to fail at once."""
        bulkhead = Bulkhead("payments", limit=1, wait=10)
        entered, leave = threading.Event(), threading.Event()

        def occupy():
            with bulkhead.place():
                entered.set()
                leave.wait(10)

        thread = threading.Thread(target=occupy)
        thread.start()
        entered.wait(10)
        threading.Timer(0.05, leave.set).start()
        with bulkhead.place():
            pass
        thread.join(10)


class TestDeadline:
    def test_none_leaves_the_limit(self):
        assert deadline.remaining(1.5) == 1.5
        assert deadline.remaining() is None

    def test_shortens_the_limit(self):
        with deadline.within(0.5):
            assert deadline.remaining(2) <= 0.5
            assert deadline.remaining(0.1) == 0.1

    def test_cannot_be_extended(self):
        """Whoever has half a second cannot give five."""
        with deadline.within(0.5), deadline.within(5):
            assert deadline.remaining() <= 0.5
