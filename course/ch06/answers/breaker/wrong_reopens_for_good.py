# feedback: refusé | moment d’un essai
# mistake: ne (tente|tentent) aucun essai
class Breaker:
    """Once open, it stays so."""

    def __init__(self, clock=time.monotonic):
        self.last, self.broken = deque(maxlen=10), False

    def call(self, function):
        if self.broken:
            raise CircuitOpen
        try:
            result = function()
        except Exception:
            self.last.append(1)
            self.broken = sum(self.last) >= 5
            raise
        self.last.append(0)
        return result
