class Breaker:
    """Refuse les appels à un service qui va mal, et l’essaie de temps en temps."""

    # Fermé, un appel à la fois : la consigne le permet. L’essai, lui, se fait sans
    # le verrou, pour que les autres soient refusés tout de suite.

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.lock = threading.Lock()
        self.bits = 0
        self.until = None
        self.probing = False

    def call(self, function):
        """Ce que rend function(), ou CircuitOpen si elle n’a pas été appelée."""
        self.lock.acquire()
        try:
            if self.until is None:
                return self.closed_call(function)
            if self.probing or self.clock() < self.until:
                raise CircuitOpen()
            self.probing = True
        finally:
            self.lock.release()
        try:
            answer = function()
        except BaseException:
            with self.lock:
                self.until, self.probing = self.clock() + 5, False
            raise
        with self.lock:
            self.bits, self.until, self.probing = 0, None, False
        return answer

    def closed_call(self, function):
        failure = 1
        try:
            answer = function()
            failure = 0
            return answer
        finally:
            self.bits = (self.bits << 1 | failure) & 0b11_1111_1111
            if self.bits.bit_count() >= 5:
                self.until = self.clock() + 5
