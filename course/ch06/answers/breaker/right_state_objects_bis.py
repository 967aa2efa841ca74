class _Closed:
    def __init__(self):
        self.outcomes = []

    def enter(self, now):
        return self  # le même état : on passe

    def after(self, failed, clock):
        self.outcomes = [*self.outcomes, failed][-10:]
        return _Open(clock()) if self.outcomes.count(True) >= 5 else self


class _Open:
    def __init__(self, since):
        self.since = since

    def enter(self, now):
        return None if now() - self.since < 5 else _Trial()


class _Trial:
    def enter(self, now):
        return None

    def after(self, failed, clock):
        return _Open(clock()) if failed else _Closed()


class Breaker:
    """Refuse les appels à un service qui va mal, et l’essaie de temps en temps."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self._state = _Closed()
        self._mutex = threading.RLock()

    def call(self, function):
        """Ce que rend function(), ou CircuitOpen si elle n’a pas été appelée."""
        with self._mutex:
            mine = self._state.enter(self.clock)
            if mine is None:
                raise CircuitOpen("circuit ouvert")
            self._state = mine
        failed = True
        try:
            value = function()
            failed = False
            return value
        finally:
            with self._mutex:
                if self._state is mine:  # sinon, l’état a changé sans nous attendre
                    self._state = mine.after(failed, self.clock)
