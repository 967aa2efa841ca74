from fractions import Fraction


class Limiter:
    """Un seau de jetons par client, compté en fractions."""

    def __init__(self, rate, burst):
        self.rate = Fraction(rate).limit_denominator(10**6)
        self.burst = Fraction(burst)
        self.buckets = {}

    def take(self, client, now):
        """0 si la requête passe, sinon les secondes à attendre."""
        now = Fraction(now).limit_denominator(10**9)
        if client not in self.buckets:
            self.buckets[client] = [self.burst, now]
        bucket = self.buckets[client]
        bucket[0] = min(self.burst, bucket[0] + (now - bucket[1]) * self.rate)
        bucket[1] = now
        if bucket[0] + Fraction(1, 10**6) >= 1:
            bucket[0] -= 1
            return 0
        return float((1 - bucket[0]) / self.rate)
