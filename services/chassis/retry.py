"""Retries: of repeatable requests only, spread out by backoff and jitter, within a budget.

Sources: AWS Builders' Library, "Timeouts, retries and backoff with jitter"; Google, "Site
Reliability Engineering", ch. 21 (a retry budget of 10 %, and not at every layer); RFC 9110, 9.2.2.
"""

import random
import threading
import time

SAFE = {"GET", "HEAD", "OPTIONS"}


def repeatable(method, idempotency_key):
    """Whether a request may be sent twice: it changes nothing, or its key makes it count once."""
    return method in SAFE or idempotency_key is not None


def backoff(attempt, base=0.05, cap=1.0):
    """Seconds to wait before retry number `attempt` (from 0): exponential, with full jitter."""
    return random.uniform(0, min(cap, base * 2**attempt))


class RetryBudget:
    """Retries are spent from what calls earn: `ratio` each, up to `reserve`, plus a trickle.

    Without it, three retries at each of three layers make 64 calls out of one, just when the last
    service can bear them least.
    """

    def __init__(self, ratio=0.1, reserve=10.0, per_second=1.0, clock=time.monotonic):
        self.ratio, self.reserve, self.per_second, self.clock = ratio, reserve, per_second, clock
        self._tokens, self._counted_at = reserve, clock()
        self._lock = threading.Lock()

    def earn(self):
        """Count a first attempt."""
        with self._lock:
            self._add(self.ratio)

    def spend(self):
        """Whether one more retry is allowed; if so it is taken from the budget."""
        with self._lock:
            self._add(0.0)
            allowed = self._tokens >= 1.0
            if allowed:
                self._tokens -= 1.0
            return allowed

    def _add(self, tokens):
        now = self.clock()
        trickle = (now - self._counted_at) * self.per_second
        self._tokens = min(self.reserve, self._tokens + trickle + tokens)
        self._counted_at = now
