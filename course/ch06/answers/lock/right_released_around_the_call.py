class FastBreaker:
    """The colleague's own code; the lock is put down while the service works."""

    def __init__(self, clock=time.monotonic):
        self.clock, self.lock = clock, threading.Lock()
        self.failures, self.open_until = 0, 0.0

    def call(self, function):
        with self.lock:
            if self.clock() < self.open_until:
                raise CircuitOpen
            try:
                self.lock.release()
                try:
                    result = function()
                finally:
                    self.lock.acquire()
            except Exception:
                self.failures += 1
                if self.failures == 3:
                    self.failures, self.open_until = 0, self.clock() + 5
                raise
            self.failures = 0
            return result
