# feedback: Un seul client trop pressé | fermerait la boutique
# mistake: (prend|prennent) un seul seau pour tous les clients
class Limiter:
    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.tokens, self.since = burst, None

    def take(self, client, now):
        if self.since is not None:
            self.tokens = min(self.burst, self.tokens + (now - self.since) * self.rate)
        self.since = now
        if self.tokens < 1:
            return (1 - self.tokens) / self.rate
        self.tokens -= 1
        return 0
