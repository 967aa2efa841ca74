"""The circuit breaker, under a clock of our own."""

import threading

import pytest
from basics import eventually

from services.chassis.breaker import CLOSED, HALF_OPEN, OPEN, CircuitBreaker, CircuitOpen


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def changes():
    return []


@pytest.fixture
def breaker(clock, changes):
    return CircuitBreaker(
        "payments",
        window=10,
        minimum_calls=4,
        open_seconds=5,
        probes=2,
        clock=clock,
        on_change=lambda name, state: changes.append(state),
    )


def succeed():
    return "ok"


def fail():
    raise ConnectionError


def play(breaker, outcomes):
    """Make one call a letter: S succeeds, F fails; refused calls are ignored."""
    for outcome in outcomes:
        try:
            breaker.call(succeed if outcome == "S" else fail)
        except (ConnectionError, CircuitOpen):
            continue


def refused(breaker):
    try:
        breaker.call(succeed)
    except CircuitOpen:
        return True
    return False


class TestClosed:
    def test_lets_results_and_errors_through(self, breaker):
        assert breaker.call(succeed) == "ok"
        with pytest.raises(ConnectionError):
            breaker.call(fail)

    def test_opens_on_a_share_of_failures(self, breaker):
        """Every other call failing is as bad as five failures in a row."""
        play(breaker, "SFSF")

        assert breaker.state == OPEN

    def test_never_opens_on_a_success(self, breaker):
        """The call that completes the count was answered: the dependency has come back."""
        play(breaker, "FFFS")
        assert breaker.state == CLOSED

        play(breaker, "F")
        assert breaker.state == OPEN

    def test_waits_for_enough_calls(self, breaker):
        """Three failures out of three say nothing yet."""
        play(breaker, "FFF")

        assert breaker.state == CLOSED

    def test_forgets_old_failures(self, breaker):
        """The window slides: what failed long ago no longer counts."""
        play(breaker, "SSSSSSFFFF" + "SSSSSSSSSS" + "FFFF")

        assert breaker.state == CLOSED

    def test_counts_slow_calls(self, breaker, clock):
        """A dependency that answers late holds our threads just as one that does not."""

        def crawl():
            clock.now += 2

        for _ in range(4):
            breaker.call(crawl)

        assert breaker.state == OPEN

    def test_counts_nothing_that_says_nothing(self, breaker):
        for _ in range(20):
            breaker.call(succeed, lambda result, error: None)
        play(breaker, "FFF")

        assert breaker.state == CLOSED

    def test_asks_what_a_failure_is(self, breaker):
        """A 404 is an answer, not an outage."""
        for status in [404, 404, 404, 404, 503]:
            breaker.call(lambda status=status: status, lambda result, error: result >= 500)

        assert breaker.state == CLOSED


class TestOpen:
    def test_refuses_without_calling(self, breaker, clock):
        play(breaker, "FFFF")
        clock.now += 2

        with pytest.raises(CircuitOpen) as refusal:
            breaker.call(lambda: pytest.fail("it was called"))

        assert refusal.value.retry_after == 3

    def test_reopens_a_door_after_a_while(self, breaker, clock, changes):
        play(breaker, "FFFF")
        clock.now += 5
        play(breaker, "SS")

        assert changes == [OPEN, HALF_OPEN, CLOSED]

    def test_ignores_calls_begun_before(self, breaker, clock):
        """A call that was on its way when the circuit opened is no probe."""
        with pytest.raises(ConnectionError):
            breaker.call(lambda: play(breaker, "FFFF") or setattr(clock, "now", 6) or fail())
        assert breaker.state == OPEN

        play(breaker, "SS")

        assert breaker.state == CLOSED


class TestHalfOpen:
    @pytest.fixture
    def breaker(self, breaker, clock):
        play(breaker, "FFFF")
        clock.now += 5
        return breaker

    def test_a_probe_that_says_nothing_proves_nothing(self, breaker):
        """It neither closes nor opens the breaker, and gives its place to the next one."""
        for _ in range(5):
            breaker.call(succeed, lambda result, error: None)
        undecided = breaker.state
        play(breaker, "SS")

        assert (undecided, breaker.state) == (HALF_OPEN, CLOSED)

    def test_one_bad_probe_opens_it_again(self, breaker):
        play(breaker, "SF")

        assert breaker.state == OPEN
        assert refused(breaker)

    def test_lets_only_the_probes_through(self, breaker):
        """Of twenty callers at once, two go and eighteen are told to come back."""
        inside, release, admitted = threading.Barrier(21), threading.Event(), []

        def probe():
            admitted.append(True)
            release.wait(10)

        def caller():
            inside.wait(10)
            try:
                breaker.call(probe)
            except CircuitOpen:
                outcomes.append("refused")

        outcomes = []
        threads = [threading.Thread(target=caller) for _ in range(20)]
        for thread in threads:
            thread.start()
        inside.wait(10)
        eventually(lambda: len(outcomes) == 18)
        release.set()
        for thread in threads:
            thread.join(10)

        assert (len(admitted), len(outcomes)) == (2, 18)
        assert breaker.state == CLOSED


def test_reports_without_the_lock(clock):
    """Whoever listens to the changes may be slow, or make a call itself: it stops nobody."""
    heard = []
    breaker = CircuitBreaker(
        "payments",
        minimum_calls=4,
        clock=clock,
        on_change=lambda name, state: heard.append((state, refused(breaker))),
    )
    calling = threading.Thread(target=play, args=(breaker, "FFFF"), daemon=True)
    calling.start()
    calling.join(10)

    assert heard == [(OPEN, True)]


def test_holds_no_lock_during_the_call(breaker):
    """Ten callers are inside at once: they meet at a barrier that one at a time never passes."""
    meeting = threading.Barrier(10)
    threads = [
        threading.Thread(target=breaker.call, args=(lambda: meeting.wait(10),)) for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert not meeting.broken
