# Nobody is let in while a call is under way: the text allows it, the deeper exercise does not.
class Breaker:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.lock = threading.Lock()
        self.last = [False] * 10
        self.reopens = None

    def call(self, function):
        with self.lock:
            probing = self.reopens is not None
            if probing and self.clock() < self.reopens:
                raise CircuitOpen
            try:
                result = function()
            except BaseException:
                self.last = self.last[1:] + [True]
                if probing or sum(self.last) > 4:
                    self.reopens = self.clock() + 5
                raise
            self.last = [False] * 10 if probing else self.last[1:] + [False]
            self.reopens = None
            return result
