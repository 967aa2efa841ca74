from dataclasses import dataclass


@dataclass
class Bucket:
    tokens: float
    seen: float

    def refill(self, now, rate, burst):
        self.tokens = min(float(burst), self.tokens + rate * (now - self.seen))
        self.seen = now

    def pour(self):
        enough = round(self.tokens, 6) >= 1
        if enough:
            self.tokens = max(0.0, self.tokens - 1)
        return enough


class Limiter:
    """Un seau de jetons par client."""

    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.buckets = {}

    def take(self, client, now):
        """0 si la requête passe, sinon les secondes à attendre."""
        bucket = self.buckets.setdefault(client, Bucket(self.burst, now))
        bucket.refill(now, self.rate, self.burst)
        return 0 if bucket.pour() else (1 - bucket.tokens) / self.rate
