# feedback: l’échec de l’essai
# mistake: referme(nt) au bout de cinq secondes, sans essai
# after five seconds it is closed again, and wants five new failures.
class Breaker:
    def __init__(self, clock=time.monotonic):
        self.clock, self.last, self.until = clock, deque(maxlen=10), 0

    def call(self, function):
        if self.clock() < self.until:
            raise CircuitOpen
        try:
            result = function()
        except Exception:
            self.last.append(1)
            if sum(self.last) >= 5:
                self.until = self.clock() + 5
                self.last.clear()
            raise
        self.last.append(0)
        return result
