# feedback: L’essai décide : refermer, ou rouvrir
# mistake: compte(nt) les cinq secondes depuis le début de l’essai
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
        began = self.clock()
        try:
            result = function()
        except BaseException:
            self._ended(period, began, failed=True)
            raise
        self._ended(period, began, failed=False)
        return result

    def _ended(self, period, began, failed):
        with self.lock:
            if period != self.period:
                return  # parti avant la dernière ouverture : il ne décide plus rien
            if self.trying:
                self.trying = False
                self.period += 1
                self.last.clear()
                self.opened_at = began if failed else None
                return
            self.last.append(failed)
            if sum(self.last) >= 5:
                self.opened_at = began
                self.period += 1
