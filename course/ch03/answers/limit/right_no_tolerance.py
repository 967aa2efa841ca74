# note : sans tolérance d’arrondi ; juste par le texte, mais une requête « à l’heure dite » peut manquer 1e-16 jeton.
class Limiter:
    """Un seau de jetons par client."""

    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.buckets = {}

    def take(self, client, now):
        """0 si la requête passe, sinon les secondes à attendre."""
        bucket = self.buckets.setdefault(client, {"tokens": self.burst, "at": now})
        bucket["tokens"] = min(self.burst, bucket["tokens"] + self.rate * (now - bucket["at"]))
        bucket["at"] = now
        if bucket["tokens"] >= 1:
            bucket["tokens"] -= 1
            return 0
        return (1 - bucket["tokens"]) / self.rate
