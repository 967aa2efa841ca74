from collections import defaultdict
from dataclasses import dataclass


@dataclass
class Bucket:
    tokens: float
    seen: float | None = None

    def refill(self, now, rate, burst):
        if self.seen is not None:
            self.tokens = min(burst, self.tokens + rate * (now - self.seen))
        self.seen = now


class Limiter:
    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.buckets = defaultdict(lambda: Bucket(burst))

    def take(self, client, now):
        bucket = self.buckets[client]
        bucket.refill(now, self.rate, self.burst)
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return (1 - bucket.tokens) / self.rate
