# feedback: s sans rien, requête 1 | 0, la requête passe
# mistake: compte(nt) par fenêtre, et non par seau
class Limiter:
    def __init__(self, rate, burst):
        self.burst, self.length, self.passed = burst, burst / rate, {}

    def take(self, client, now):
        recent = [t for t in self.passed.get(client, []) if t > now - self.length]
        if len(recent) >= self.burst:
            return recent[0] + self.length - now
        self.passed[client] = [*recent, now]
        return 0
