# feedback: Le débit promis ne serait pas tenu
# mistake: rempli(t|ssent) le seau d’un coup
class Limiter:
    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.buckets = {}

    def take(self, client, now):
        tokens, since = self.buckets.get(client, (self.burst, now))
        if (now - since) * self.rate >= 1:
            tokens, since = self.burst, now
        if tokens < 1:
            return since + 1 / self.rate - now
        self.buckets[client] = (tokens - 1, now)
        return 0
