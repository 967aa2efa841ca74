"""Circuit breaker: refuses the calls to a dependency that fails, instead of waiting for each.

    closed      calls pass                too many of the last ones bad → open
    open        calls are refused         `open_seconds` later → half open
    half open   `probes` calls pass       one is bad → open; all are good → closed

Source: Nygard, "Release It!", ch. 5; Fowler, "CircuitBreaker"; defaults in the spirit of
Resilience4j: a sliding window, not "five in a row"; slow calls count; a few probes when half open.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half_open"


class CircuitOpen(Exception):
    """The call was not made. `retry_after`: seconds until a probe will be let through."""

    def __init__(self, name, retry_after):
        super().__init__(f"circuit {name} is open")
        self.retry_after = retry_after


@dataclass
class CircuitBreaker:
    """Guards the calls to one dependency. A bad call is one that failed or was slow.

    A good call never opens it, even if it completes the count: the dependency may be back.
    No lock is held during a call, nor while `on_change(name, state)` runs.
    """

    name: str
    window: int = 20  # the last calls, which are judged
    minimum_calls: int = 10  # fewer say nothing
    failure_rate: float = 0.5
    slow_rate: float = 0.5
    slow_seconds: float = 1.0
    open_seconds: float = 5.0
    probes: int = 2
    clock: Callable = time.monotonic
    on_change: Callable = lambda name, state: None

    def __post_init__(self):
        self._lock, self._changes, self._reopens_at = threading.Lock(), [], 0.0
        self._enter(CLOSED)

    def call(self, function, is_failure=lambda result, error: error is not None, slow_seconds=None):
        """Return `function()`; `is_failure(result, error)` says whether it counts against it, or
        None when it says nothing of the dependency.

        A call that takes longer than `slow_seconds` was slow.
        """
        outcomes = self._admit()
        started, result, error = self.clock(), None, None
        try:
            result = function()
            return result
        except BaseException as raised:
            error = raised
            raise
        finally:
            slow = self.clock() - started > (slow_seconds or self.slow_seconds)
            self._record(outcomes, is_failure(result, error), slow)

    def _admit(self):
        with self._reporting():
            left = max(0.0, self._reopens_at - self.clock())
            if self.state == OPEN and not left:
                self._enter(HALF_OPEN)
            if self.state == OPEN or (self.state == HALF_OPEN and self._admitted >= self.probes):
                raise CircuitOpen(self.name, left)
            self._admitted += 1
            return self._outcomes

    def _record(self, outcomes, failed, slow):
        with self._reporting():
            if outcomes is not self._outcomes:
                return  # begun before the last change of state, it says nothing about this one
            if failed is None:
                self._admitted -= 1  # it says nothing: another may take its place
                return
            outcomes.append((failed, slow))
            self._judge(bad=failed or slow)

    def _judge(self, bad):
        if self.state == HALF_OPEN and bad:
            self._enter(OPEN)
        elif self.state == HALF_OPEN and len(self._outcomes) >= self.probes:
            self._enter(CLOSED)
        elif self.state == CLOSED and bad and self._too_many_are_bad():
            self._enter(OPEN)

    def _too_many_are_bad(self):
        count = len(self._outcomes)
        failures, slow = (sum(column) / count for column in zip(*self._outcomes, strict=True))
        enough = count >= self.minimum_calls
        return enough and (failures >= self.failure_rate or slow >= self.slow_rate)

    def _enter(self, state):
        self.state, self._admitted, self._outcomes = state, 0, deque(maxlen=self.window)
        self._changes.append(state)
        if state == OPEN:
            self._reopens_at = self.clock() + self.open_seconds

    @contextmanager
    def _reporting(self):
        """Hold the lock; once it is released, report the changes of state."""
        with self._lock:
            self._changes = changes = []
            yield
        for state in changes:
            self.on_change(self.name, state)
