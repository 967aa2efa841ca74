# feedback: Cinq échecs sur les dix derniers l’ouvrent
# mistake: compte(nt) les échecs de suite, et non sur les dix derniers
class Breaker:
    """Refuse les appels à un service qui va mal, et l’essaie de temps en temps."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.lock = threading.Lock()
        self.last = deque(maxlen=10)  # True : échec
        self.opened_at = None  # None : fermé
        self.trying = False
        self.period = 0  # change à chaque ouverture et à chaque fermeture

    def call(self, function):
        """Ce que rend function(), ou CircuitOpen si elle n’a pas été appelée."""
        with self.lock:
            if self.opened_at is not None:
                if self.trying or self.clock() - self.opened_at < 5:
                    raise CircuitOpen
                self.trying = True
            period = self.period
        try:
            result = function()
        except BaseException:
            self._ended(period, failed=True)
            raise
        self._ended(period, failed=False)
        return result

    def _ended(self, period, failed):
        with self.lock:
            if period != self.period:
                return  # parti avant la dernière ouverture : il ne décide plus rien
            if self.trying:
                self.trying = False
                self.period += 1
                self.last.clear()
                self.opened_at = self.clock() if failed else None
                return
            if not failed:
                self.last.clear()
                return
            self.last.append(failed)
            if sum(self.last) >= 5:
                self.opened_at = self.clock()
                self.period += 1
