# feedback: s sans rien, requête 1 | 0, la requête passe
# mistake: compte(nt) par fenêtre, et non par seau
class Limiter:
    def __init__(self, rate, burst):
        self.burst, self.counts = burst, {}

    def take(self, client, now):
        window = (client, int(now))
        self.counts[window] = self.counts.get(window, 0) + 1
        return 0 if self.counts[window] <= self.burst else int(now) + 1 - now
