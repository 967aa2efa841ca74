# feedback: alice à 0,125 s | quand il ne doit pas
# mistake: rempli(t|ssent) tous les seaux à l’heure du dernier client
class Limiter:
    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.tokens, self.since = {}, None

    def take(self, client, now):
        elapsed = 0 if self.since is None else now - self.since
        self.since = now
        tokens = self.tokens.get(client, self.burst)
        tokens = min(self.burst, tokens + elapsed * self.rate)
        passes = tokens >= 1
        self.tokens[client] = tokens - passes
        return 0 if passes else (1 - tokens) / self.rate
