# feedback: s sans rien, requête 1 | 0, la requête passe
# mistake: compte(nt) par fenêtre, et non par seau
class Limiter:
    def __init__(self, rate, burst):
        self.burst, self.length, self.counts = burst, burst / rate, {}

    def take(self, client, now):
        number = int(now / self.length)
        count = self.counts.get((client, number), 0)
        if count == self.burst:
            return (number + 1) * self.length - now
        self.counts[client, number] = count + 1
        return 0
