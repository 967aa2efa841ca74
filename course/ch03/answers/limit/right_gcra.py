class Limiter:
    """GCRA : une seule heure par client, celle où son seau sera de nouveau plein."""

    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.buckets = {}

    def take(self, client, now):
        """0 si la requête passe, sinon les secondes à attendre."""
        step = 1 / self.rate
        full_at = max(self.buckets.get(client, now), now)
        early = full_at - now - (self.burst - 1) * step
        if early > 1e-6:
            return early
        self.buckets[client] = full_at + step
        return 0
