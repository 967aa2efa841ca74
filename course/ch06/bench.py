"""A breaker on the bench: a clock that moves when told to, calls whose outcome is decided."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from course.ch06.experiments import CircuitOpen
from course.ch06.interleaving import STUCK, Task
from workbook.checks import expect
from workbook.waiting import patient, until

PASSED, FAILED, REFUSED = "✓", "✗", "refusé"
INSTANCE = "une classe à appeler avec une horloge, qui rend un disjoncteur muni de `call`"


class Trouble(Exception):
    """products ne répond pas."""


class Bench:
    """One new breaker of the learner's, and what reached the service behind it."""

    def __init__(self, breaker: Callable[[Callable[[], float]], Any]) -> None:
        self.now, self.arrivals = 1_000.0, 0
        self._counting = threading.Lock()
        self.breaker = breaker(lambda: self.now)
        expect(
            callable(getattr(self.breaker, "call", None)),
            seen=f"L’appel de votre classe a rendu {self.breaker!r}.",
            expected=INSTANCE,
        )

    def call(self, outcome: str, during: Callable[[], object] = lambda: None) -> str:
        """Make a call that succeeds or fails once `during()` is done; say what became of it."""
        answer, trouble, reached = object(), Trouble(), []

        def function() -> object:
            reached.append(True)
            with self._counting:
                self.arrivals += 1
            during()
            if outcome == FAILED:
                raise trouble
            return answer

        try:
            got = self.breaker.call(function)
        except CircuitOpen:
            expect(
                not reached,
                seen="`CircuitOpen` a été levée, et la fonction avait pourtant été appelée.",
                expected="`CircuitOpen` seulement quand aucun appel n’est fait",
                meaning="Le service malade recevrait les appels que l’on croit suspendus.",
            )
            return REFUSED
        except Trouble as raised:
            _expect_once(reached)
            expect(
                raised is trouble,
                seen="L’exception levée n’est pas celle de la fonction.",
                expected="la même exception, qui remonte",
            )
            return FAILED
        _expect_once(reached)
        expect(
            outcome == PASSED,
            seen=f"La fonction a levé une exception, et `call` a rendu {got!r}.",
            expected="l’exception de la fonction, qui remonte jusqu’à l’appelant",
            meaning="L’appelant prendrait une panne pour une réponse.",
        )
        expect(
            got is answer,
            seen=f"La fonction a rendu une valeur, et `call` en a rendu une autre : {got!r}.",
            expected="ce que la fonction a rendu",
        )
        return PASSED

    def calls(self, outcomes: str) -> list[str]:
        """Make calls in turn; what became of each."""
        return [self.call(outcome) for outcome in outcomes]

    def started(self, outcome: str) -> Started:
        """A call that has reached the service, and ends when told to."""
        return Started(self, outcome)

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


class Started:
    """One call in flight."""

    def __init__(self, bench: Bench, outcome: str) -> None:
        reached, self._end = threading.Event(), threading.Event()

        def during() -> None:
            reached.set()
            self._end.wait()

        self._task = Task(lambda: bench.call(outcome, during))
        until(lambda: reached.is_set() or not self._task.is_alive(), patient(STUCK))

    def finish(self) -> None:
        """Let it end, and wait for that; again is harmless."""
        self._end.set()
        self._task.finish(patient(STUCK))


def _expect_once(reached: list[bool]) -> None:
    expect(
        len(reached) == 1,
        seen=f"Pour un seul `call`, la fonction a été appelée {len(reached)} fois.",
        expected="une fois, ou `CircuitOpen`",
    )
