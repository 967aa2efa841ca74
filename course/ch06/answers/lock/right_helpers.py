class FastBreaker:
    def __init__(self, clock=time.monotonic):
        self.clock, self.lock = clock, threading.Lock()
        self.failures, self.open_until = 0, 0.0

    def call(self, function):
        self.refuse_if_suspended()
        try:
            result = function()
        except Exception:
            self.note_failure()
            raise
        self.note_success()
        return result

    def refuse_if_suspended(self):
        with self.lock:
            suspended = self.clock() < self.open_until
        if suspended:
            raise CircuitOpen("products est en panne")

    def note_failure(self):
        with self.lock:
            self.failures += 1
            if self.failures >= 3:
                self.failures = 0
                self.open_until = self.clock() + 5

    def note_success(self):
        with self.lock:
            self.failures = 0
