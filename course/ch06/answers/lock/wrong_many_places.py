# feedback: comptent pour | au même instant
# a semaphore lets everybody in, and guards nothing.
class FastBreaker(SlowBreaker):
    def __init__(self, clock=time.monotonic):
        super().__init__(clock)
        self.lock = threading.BoundedSemaphore(100)
