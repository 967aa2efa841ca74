"""Two calls at once, in every order: the first is stopped at each step of the learner's code.

Luck finds a race one time in a thousand; here the second call goes through, whole, between two
steps of the first, for each of them. Where it waits for a lock, the first goes on.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from itertools import count
from types import FrameType

from workbook.checks.outcome import Finding, Incorrect
from workbook.waiting import patient

Action = Callable[[], object]
STUCK = 3.0
MOST_STEPS = 400


class Task(threading.Thread):
    """A thread, started at once, whose error is raised where it is waited for."""

    def __init__(self, action: Action) -> None:
        super().__init__(daemon=True)
        self._action, self._error = action, None
        self.start()

    def run(self) -> None:
        """Act, and keep what is raised."""
        try:
            self._action()
        except BaseException as error:  # raised again by finish()
            self._error = error

    def finish(self, seconds: float) -> None:
        """Wait for its end; raise its error, or `Incorrect` if it has not ended."""
        self.join(seconds)
        if self.is_alive():
            raise Incorrect(
                Finding(
                    "Des appels faits en même temps se bloquent l’un l’autre, pour toujours.",
                    "des appels qui finissent",
                    "Tous les guichets s’arrêteraient, sans aucune panne.",
                )
            )
        if self._error is not None:
            raise self._error


class Interleaving:
    """Runs `first` and `second` in two threads, the second when the first is at its n-th step.

    A step is a line of the learner's code, or one instruction of Python with `fine`. What waits
    longer than `patience` seconds is taken to wait for a lock.
    """

    def __init__(self, step: int, fine: bool = False, patience: float = 0.02) -> None:
        self._step, self._event, self._fine = step, "opcode" if fine else "line", fine
        self._patience = patience
        self._done = 0

    def run(self, first: Action, second: Action) -> bool:
        """Whether the first had that many steps. Raises `Incorrect` if they block each other."""
        self._ready = ready = threading.Event()
        self._second = Task(lambda: ready.wait() and second())
        leading = Task(lambda: self._traced(first))
        leading.join(patient(STUCK))
        ready.set()
        leading.finish(patient(STUCK))
        self._second.finish(patient(STUCK))
        return self._done >= self._step

    def _traced(self, first: Action) -> None:
        sys.settrace(self._trace)
        try:
            first()
        finally:
            sys.settrace(None)

    def _trace(self, frame: FrameType, event: str, argument: object) -> Callable | None:
        if frame.f_globals.get("__name__") != "__main__":
            return None
        frame.f_trace_opcodes = self._fine
        return self._stop_at_step

    def _stop_at_step(self, frame: FrameType, event: str, argument: object) -> Callable:
        if event == self._event:
            self._done += 1
            if self._done == self._step:
                self._ready.set()
                self._second.join(patient(self._patience))
        return self._stop_at_step


def interleavings(fine: bool = False) -> Iterator[Interleaving]:
    """One for each step; stop taking them when `run` says that there are no more."""
    for step in count(1):
        if step > MOST_STEPS:
            return
        yield Interleaving(step, fine)
