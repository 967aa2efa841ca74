class Limiter:
    """GCRA: one instant a client, at which its bucket would be full again."""

    def __init__(self, rate, burst):
        self.interval = 1 / rate
        self.tolerance = self.interval * (burst - 1)
        self.full_at = {}

    def take(self, client, now):
        full_at = max(now, self.full_at.get(client, now))
        wait = full_at - self.tolerance - now
        if wait > 1e-9:
            return wait
        self.full_at[client] = full_at + self.interval
        return 0.0
