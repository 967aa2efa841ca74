# feedback: comptent pour | au même instant
# mistake: laisse(nt) entrer tout le monde par un sémaphore
# a semaphore lets everybody in, and guards nothing.
class FastBreaker(SlowBreaker):
    def __init__(self, clock=time.monotonic):
        super().__init__(clock)
        self.lock = threading.BoundedSemaphore(100)
