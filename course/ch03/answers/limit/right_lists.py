class Limiter:
    """Un seau de jetons par client."""

    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.buckets = {}

    def take(self, client, now):
        """0 si la requête passe, sinon les secondes à attendre."""
        tokens, last = self.buckets.get(client, (self.burst, now))
        tokens = min(self.burst, tokens + (now - last) * self.rate)
        if tokens >= 1 - 1e-6:
            self.buckets[client] = (tokens - 1, now)
            return 0
        self.buckets[client] = (tokens, now)
        return (1 - tokens) / self.rate
