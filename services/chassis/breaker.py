"""Circuit breaker: stop calling what fails, so that waiting for it does not fell us too.

Source: Nygard, "Release It!", ch. 5; Fowler, "CircuitBreaker"; defaults in the spirit of
Resilience4j: a sliding window, not "five in a row"; slow calls count; a few probes when half open.
"""

import threading
import time
from collections import deque

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half_open"


class CircuitOpen(Exception):
    """The call was not made. `retry_after`: seconds until a probe will be let through."""

    def __init__(self, name, retry_after):
        super().__init__(f"circuit {name} is open")
        self.retry_after = retry_after


class CircuitBreaker:
    """Closed: calls pass and are counted. Open: none passes. Half open: `probes` calls pass.

    It opens on a call that failed or was slow when, of the last `window` calls and of
    `minimum_calls` at least, the share that failed reaches `failure_rate`, or the share longer
    than `slow_seconds` reaches `slow_rate`. A good call, though it completes the count, never does:
    it may be the first of a dependency that is back.
    After `open_seconds`, `probes` calls are let through: all good, it closes; one bad, it reopens.
    The lock is never held during the call. `on_change(name, state)` is told of every change.
    """

    def __init__(
        self, name, *, window=20, minimum_calls=10, failure_rate=0.5, slow_seconds=1.0,
        slow_rate=0.5, open_seconds=5.0, probes=2, clock=time.monotonic, on_change=None,
    ):  # fmt: skip
        self.name, self.clock, self.on_change = name, clock, on_change
        self.minimum_calls, self.failure_rate = minimum_calls, failure_rate
        self.slow_seconds, self.slow_rate = slow_seconds, slow_rate
        self.open_seconds, self.probes = open_seconds, probes
        self.state = CLOSED
        self._outcomes = deque(maxlen=window)
        self._lock = threading.Lock()
        self._opened_at = 0.0
        self._admitted = self._period = 0

    def call(self, function, is_failure=lambda result, error: error is not None, slow_seconds=None):
        """Return `function()`; `is_failure(result, error)` says whether it counts against it.

        `slow_seconds`: for a call that is allowed more time than the others.
        """
        period = self._admit()
        started, result, error = self.clock(), None, None
        try:
            result = function()
            return result
        except BaseException as raised:
            error = raised
            raise
        finally:
            slow = self.clock() - started > (slow_seconds or self.slow_seconds)
            self._record(period, is_failure(result, error), slow)

    def _admit(self):
        with self._lock:
            changed_to = self._half_open_if_due()
            if self.state == OPEN or (self.state == HALF_OPEN and self._admitted >= self.probes):
                raise CircuitOpen(self.name, max(0.0, self._reopens_at() - self.clock()))
            self._admitted += 1
            period = self._period
        self._tell(changed_to)
        return period

    def _record(self, period, failed, slow):
        with self._lock:
            # A call begun before the last change of state says nothing about the present one.
            if period != self._period:
                return
            self._outcomes.append((failed, slow))
            changed_to = self._judge(bad=failed or slow)
        self._tell(changed_to)

    def _judge(self, bad):
        """What the last call, `bad` or good, changes the state to, if it does."""
        if self.state == HALF_OPEN:
            proven = len(self._outcomes) >= self.probes
            return (bad and self._enter(OPEN)) or (proven and self._enter(CLOSED))
        enough = len(self._outcomes) >= self.minimum_calls
        return bad and enough and self._too_bad() and self._enter(OPEN)

    def _too_bad(self):
        failures, slow = (sum(column) for column in zip(*self._outcomes, strict=True))
        count = len(self._outcomes)
        return failures / count >= self.failure_rate or slow / count >= self.slow_rate

    def _half_open_if_due(self):
        due = self.state == OPEN and self.clock() >= self._reopens_at()
        return due and self._enter(HALF_OPEN)

    def _reopens_at(self):
        return self._opened_at + self.open_seconds

    def _enter(self, state):
        self.state = state
        self._period += 1
        self._admitted = 0
        self._outcomes.clear()
        if state == OPEN:
            self._opened_at = self.clock()
        return state

    def _tell(self, state):
        if state and self.on_change:
            self.on_change(self.name, state)
