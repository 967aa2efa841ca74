# feedback: au même instant | chaque échec compté une fois
# mistake: compte(nt) sans verrou
class FastBreaker:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.failures, self.open_until = 0, 0.0

    def call(self, function):
        if self.clock() < self.open_until:
            raise CircuitOpen
        try:
            result = function()
        except Exception:
            self.failures += 1
            if self.failures == 3:
                self.failures, self.open_until = 0, self.clock() + 5
            raise
        self.failures = 0
        return result
