# feedback: s sans rien, requête 1 | 0, la requête passe
# mistake: compte(nt) par fenêtre, et non par seau
import time


class Limiter:
    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.buckets = {}

    def take(self, client, now):
        now = time.monotonic()
        tokens, since = self.buckets.get(client, (self.burst, now))
        tokens = min(self.burst, tokens + (now - since) * self.rate)
        passes = tokens >= 1
        self.buckets[client] = (tokens - passes, now)
        return 0 if passes else (1 - tokens) / self.rate
