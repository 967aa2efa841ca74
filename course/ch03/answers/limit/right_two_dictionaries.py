class Limiter:
    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.tokens, self.since = {}, {}

    def take(self, client, now):
        if client not in self.tokens:
            self.tokens[client] = float(self.burst)
        else:
            gained = (now - self.since[client]) * self.rate
            self.tokens[client] = min(self.burst, self.tokens[client] + gained)
        self.since[client] = now
        if self.tokens[client] < 1:
            return (1 - self.tokens[client]) / self.rate
        self.tokens[client] -= 1
        return 0
