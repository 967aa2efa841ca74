# feedback: d’une rafale
# mistake: partage(nt) les seaux entre tous les limiteurs
class Limiter:
    buckets = {}

    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst

    def take(self, client, now):
        tokens, since = self.buckets.get(client, (self.burst, now))
        tokens = min(self.burst, tokens + (now - since) * self.rate)
        passes = tokens >= 1
        self.buckets[client] = (tokens - passes, now)
        return 0 if passes else (1 - tokens) / self.rate
