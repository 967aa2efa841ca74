"""Token bucket: limits the rate of each client's requests, and allows short bursts.

A bucket holds at most *burst* tokens and refills at *rate* tokens a second; a request takes one.
Unlike a counter per fixed window, no instant exists at which twice the burst can pass.
"""

import threading
import time

MANY = 10_000


class RateLimit:
    """One bucket per identity, so that nobody can use up another's tokens."""

    def __init__(self, rate, burst, clock=time.monotonic):
        self.rate = rate
        self.burst = burst
        self.clock = clock
        self.lock = threading.Lock()
        self.buckets = {}

    def take(self, identity):
        """Take one token. Returns 0, or the seconds to wait until there is one again."""
        with self.lock:
            now = self.clock()
            tokens = self._level(identity, now)
            if tokens < 1:
                return (1 - tokens) / self.rate
            if len(self.buckets) >= MANY:
                self._forget_full_buckets(now)
            self.buckets[identity] = (tokens - 1, now)
        return 0

    def _level(self, identity, now):
        tokens, since = self.buckets.get(identity, (self.burst, now))
        return min(self.burst, tokens + (now - since) * self.rate)

    def _forget_full_buckets(self, now):
        """Drop the full buckets, equal to absent ones: invented identities cost no memory."""
        self.buckets = {
            identity: bucket
            for identity, bucket in self.buckets.items()
            if self._level(identity, now) < self.burst
        }
