# feedback: suivant a été fait | ouvert
# mistake: compte(nt) les échecs sans jamais ouvrir
class Breaker:
    def __init__(self, clock=time.monotonic):
        self.failures = 0

    def call(self, function):
        try:
            return function()
        except Exception:
            self.failures += 1
            raise
