class FastBreaker:
    """The outcome is kept, then judged under the lock, in a `finally`."""

    def __init__(self, clock=time.monotonic):
        self.now, self.guard = clock, threading.Condition()
        self.bad, self.resume_at = [], None

    def call(self, function):
        with self.guard:
            if self.resume_at is not None and self.now() < self.resume_at:
                raise CircuitOpen()
        worked = False
        try:
            answer = function()
            worked = True
        finally:
            with self.guard:
                self.bad = [] if worked else [*self.bad, self.now()]
                if len(self.bad) == 3:
                    self.bad, self.resume_at = [], self.bad[-1] + 5
        return answer
