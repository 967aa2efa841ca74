from fractions import Fraction


class Limiter:
    """Keeps the instants at which each client passed, and counts the tokens anew each time."""

    def __init__(self, rate, burst):
        self.rate, self.burst = Fraction(rate), burst
        self.passed = {}

    def take(self, client, now):
        passed = self.passed.setdefault(client, [])
        tokens, since = self.burst, None
        for instant in passed:
            tokens = self.level(tokens, since, instant) - 1
            since = instant
        tokens = self.level(tokens, since, Fraction(now))
        if tokens < 1:
            return (1 - tokens) / self.rate
        passed.append(Fraction(now))
        return 0

    def level(self, tokens, since, now):
        return tokens if since is None else min(self.burst, tokens + (now - since) * self.rate)
