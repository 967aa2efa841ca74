class Limiter:
    """Compte ce qui manque au seau, plutôt que ce qu’il contient."""

    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.missing, self.since = {}, {}

    def take(self, client, now):
        """0 si la requête passe, sinon les secondes à attendre."""
        gained = (now - self.since.get(client, now)) * self.rate
        missing = max(0, self.missing.get(client, 0) - gained)
        excess = missing + 1 - self.burst
        if excess > 1e-6:
            return excess / self.rate  # rien n’est noté : le seau n’a pas changé
        self.missing[client], self.since[client] = missing + 1, now
        return 0
