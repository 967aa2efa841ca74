# feedback: s sans rien, requête 1 | 0, la requête passe
# mistake: compte(nt) par fenêtre, et non par seau
class Limiter:
    def __init__(self, rate, burst):
        self.burst, self.length, self.windows = burst, burst / rate, {}

    def take(self, client, now):
        start, count = self.windows.get(client, (now, 0))
        if now - start >= self.length:
            start, count = now, 0
        if count == self.burst:
            return start + self.length - now
        self.windows[client] = (start, count + 1)
        return 0
