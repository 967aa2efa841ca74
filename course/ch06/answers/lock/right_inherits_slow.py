# SlowBreaker : la cellule de l’énoncé, juste au-dessus
class FastBreaker(SlowBreaker):
    """Trois échecs de suite : on n’appelle plus, pendant cinq secondes."""

    def call(self, function):
        outcome = []

        def replay():
            kind, value = outcome[0]
            if kind == "raised":
                raise value
            return value

        with self.lock:
            if self.clock() < self.open_until:
                raise CircuitOpen
        try:
            outcome.append(("returned", function()))
        except Exception as error:
            outcome.append(("raised", error))
        with self.lock:
            if outcome[0][0] == "returned":
                self.failures = 0
            else:
                self.failures += 1
                if self.failures == 3:
                    self.failures, self.open_until = 0, self.clock() + 5
        return replay()
