# feedback: attend la fin d’un autre
# mistake: garde(nt) le verrou pendant l’appel
class FastBreaker(SlowBreaker):
    def __init__(self, clock=time.monotonic):
        super().__init__(clock)
        self.lock = threading.BoundedSemaphore(4)
