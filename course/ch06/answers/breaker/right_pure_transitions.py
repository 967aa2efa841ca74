from contextlib import contextmanager
from typing import NamedTuple, Optional


class Circuit(NamedTuple):
    age: int = 0
    history: tuple = ()
    opened: Optional[float] = None
    probe: bool = False


def ask(circuit, clock):
    """(le circuit ensuite, laisse-t-il passer ?)"""
    if circuit.opened is None:
        return circuit, True
    if circuit.probe or clock() - circuit.opened < 5.0:
        return circuit, False
    return circuit._replace(probe=True, age=circuit.age + 1), True


def tell(circuit, age, ok, clock):
    """Le circuit, une fois connue la fin d’un appel parti à cet âge."""
    if age != circuit.age:
        return circuit
    if circuit.probe:
        return Circuit(age + 1) if ok else Circuit(age + 1, opened=clock())
    history = (circuit.history + (ok,))[-10:]
    if history.count(False) < 5:
        return circuit._replace(history=history)
    return Circuit(age + 1, opened=clock())


class Breaker:
    """Refuse les appels à un service qui va mal, et l’essaie de temps en temps."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self._circuit = Circuit()
        self._gate = threading.Semaphore()

    @contextmanager
    def _admitted(self):
        with self._gate:
            self._circuit, passes = ask(self._circuit, self.clock)
            age = self._circuit.age
        if not passes:
            raise CircuitOpen
        ok = False
        try:
            yield
            ok = True
        finally:
            with self._gate:
                self._circuit = tell(self._circuit, age, ok, self.clock)

    def call(self, function):
        """Ce que rend function(), ou CircuitOpen si elle n’a pas été appelée."""
        with self._admitted():
            return function()
