# feedback: donc la requête passe
# mistake: (fait|font) attendre au lieu de refuser
import time


class Limiter:
    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.buckets = {}

    def take(self, client, now):
        tokens, since = self.buckets.get(client, (self.burst, now))
        tokens = min(self.burst, tokens + (now - since) * self.rate)
        if tokens < 1:
            time.sleep((1 - tokens) / self.rate / 1000)
            tokens = 1
        self.buckets[client] = (tokens - 1, now)
        return 0
