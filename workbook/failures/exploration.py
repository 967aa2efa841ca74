"""The tree of failures: every state a saga may reach, judged, and the shortest way to a wrong one.

Breadth first, equal states merged: the first wrong state that is met is among the nearest. Safety
is judged by the invariants that judge the real shop; liveness by the way back: from every state an
end must stay within reach without any further failure.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from workbook.errors import WorkbookError
from workbook.failures.contract import PARTICIPANTS, Command, Key, by_order
from workbook.failures.judging import Judge
from workbook.failures.saga import (
    ANSWERED,
    SITUATIONS,
    History,
    Machine,
    NextCommand,
    Rules,
    Situation,
    State,
    Step,
    verdict,
)

if TYPE_CHECKING:
    from workbook.failures.replay import Replayed
    from workbook.shop import Shop
    from workbook.views.canvas.picture import Picture

MOST_STATES = 20_000
NEVER_ENDS = "I4"


class Edge(NamedTuple):
    """A step from one state to another, by their numbers."""

    source: int
    step: Step
    target: int


@dataclass(frozen=True)
class Leaf:
    """Where a branch ends: an end of the saga, or a state that nothing can put right any more."""

    number: int
    wrong: tuple[str, ...]  # the invariants that are broken
    why: tuple[str, ...] = ()
    loop: tuple[Step, ...] = ()  # what then comes back for ever, when no end is in reach

    @property
    def is_right(self) -> bool:
        return not self.wrong


@dataclass
class Exploration:
    """What was found: the states, the edges between them, and the leaves, right or wrong."""

    machine: Machine
    states: list[State]
    edges: list[Edge]
    came_by: dict[int, Edge]
    leaves: list[Leaf]
    seconds: float
    depth: dict[int, int] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        """Whether nothing that may happen makes the saga wrong."""
        return all(leaf.is_right for leaf in self.leaves)

    @cached_property
    def fatal(self) -> Leaf | None:
        """The nearest wrong leaf; None when there is none."""
        wrong = [leaf for leaf in self.leaves if not leaf.is_right]
        return min(wrong, key=lambda leaf: (self._length(leaf), leaf.number), default=None)

    @property
    def path(self) -> list[Step]:
        """The shortest way to something wrong; empty when there is none."""
        return [*self.path_to(self.fatal.number), *self.fatal.loop] if self.fatal else []

    def path_to(self, number: int) -> list[Step]:
        """The shortest way to a state."""
        steps: list[Step] = []
        while edge := self.came_by.get(number):
            steps.append(edge.step)
            number = edge.source
        return steps[::-1]

    def _length(self, leaf: Leaf) -> int:
        return self.depth[leaf.number] + len(leaf.loop)

    def books(self, number: int) -> dict[str, int]:
        """What is in the books in a state."""
        return self.machine.books(self.states[number])

    def sentence(self) -> str:
        """What was found, in words: how much was tried, and the shortest way to go wrong."""
        from workbook.failures.words import sentence

        return sentence(self)

    def picture(self, theme: str = "light") -> Picture:
        """The tree, with the shortest fatal path thick; its data in words."""
        from workbook.failures.drawing import picture

        return picture(self, theme)

    def show(self, theme: str = "light") -> None:
        """Display the tree, then its sentence and its data."""
        self.picture(theme).show()

    def replay(self, shop: Shop) -> Replayed:
        """Play the shortest fatal path on real processes; see `workbook.failures.replay`."""
        from workbook.failures.replay import replay

        return replay(self, shop)

    def _ipython_display_(self) -> None:
        self.show()

    def __repr__(self) -> str:
        return self.sentence()


def failures(next_command: NextCommand, **options: object) -> Exploration:
    """The tree of failures of a saga, between the shop's own participants; see `explore`."""
    return explore(next_command, PARTICIPANTS, **options)


def explore(
    next_command: NextCommand,
    participants: Iterable[Command] = PARTICIPANTS,
    *,
    key: Key = by_order,
    log_first: bool = True,
    pivot: str = "charge",
    verdict: Callable[[History], str] = verdict,
    situations: Sequence[Situation] = SITUATIONS,
) -> Exploration:
    """Explore everything that may happen to an order whose saga is `next_command`.

    next_command(history) is the name of the command to send, None when all is done. `history` is
    the log, a list of (command, outcome) pairs: ("charge", "started"), then ("charge", "done") or
    ("charge", "refused"); ("saga", "timed out") once time is up. The same pair is noted once.

    key(order, command, attempt) is the key of a command; `log_first`: whether a command is noted
    before it is sent; time is never up once `pivot` is done. Raises `WorkbookError` for what is
    no such function, and for a saga of over 20 000 states.
    """
    if not callable(next_command):
        raise WorkbookError(
            "failures attend une fonction : failures(next_command), sans l’appeler."
        )
    started = time.perf_counter()
    machine = Machine(next_command, participants, Rules(key, log_first, pivot, verdict), situations)
    walk = _Walk(machine)
    walk.run()
    leaves = [*walk.leaves, *walk.stuck()]
    seconds = time.perf_counter() - started
    return Exploration(
        machine, walk.states, walk.edges, walk.came_by, leaves, seconds, dict(walk.depth)
    )


class _Walk:
    """Breadth first over the states; a wrong one is not gone beyond."""

    def __init__(self, machine: Machine) -> None:
        self._machine, self._judge = machine, Judge(machine)
        self.states: list[State] = []
        self.edges: list[Edge] = []
        self.leaves: list[Leaf] = []
        self.came_by: dict[int, Edge] = {}
        self.depth: dict[int, int] = {}
        self._numbers: dict[State, int] = {}
        self._waiting: deque[int] = deque()

    def run(self) -> None:
        for state in self._machine.beginnings():
            self.depth[self._number(state)] = 0
        while self._waiting:
            self._expand(self._waiting.popleft())

    def _expand(self, number: int) -> None:
        state = self.states[number]
        wrong = self._judge.wrong(state)
        if wrong or state.is_quiet:
            names = tuple(sorted({violation.invariant for violation in wrong}))
            self.leaves.append(Leaf(number, names, tuple(v.text for v in wrong)))
            return
        for step, after in self._machine.steps(state):
            known = after in self._numbers
            edge = Edge(number, step, self._number(after))
            self.edges.append(edge)
            if not known:
                self.came_by[edge.target] = edge
                self.depth[edge.target] = self.depth[number] + 1

    def _number(self, state: State) -> int:
        if state not in self._numbers:
            if len(self.states) >= MOST_STATES:
                raise WorkbookError(
                    f"Cette saga a plus de {MOST_STATES} états : son journal grandit-il sans fin ?"
                )
            self._numbers[state] = len(self.states)
            self.states.append(state)
            self._waiting.append(self._numbers[state])
        return self._numbers[state]

    def stuck(self) -> list[Leaf]:
        """The nearest states from which no end is in reach, however long nothing fails."""
        reaching = {leaf.number for leaf in self.leaves}
        leading: dict[int, list[int]] = {}
        for source, step, target in self.edges:
            if not step.is_fault:
                leading.setdefault(target, []).append(source)
        waiting = list(reaching)
        while waiting:
            for source in leading.get(waiting.pop(), ()):
                if source not in reaching:
                    reaching.add(source)
                    waiting.append(source)
        lost = [n for n in range(len(self.states)) if n not in reaching]
        first = [n for n in lost if n not in self.came_by or self.came_by[n].source in reaching]
        why = ("aucune fin n’est plus possible",)
        return [Leaf(n, (NEVER_ENDS,), why, self._loop(n)) for n in first]

    def _loop(self, number: int) -> tuple[Step, ...]:
        """What happens from there while nothing fails, until it begins again."""
        calm = {}
        for edge in self.edges:
            if edge.step.what == ANSWERED:
                calm.setdefault(edge.source, edge)
        steps, seen = [], set()
        while number in calm and number not in seen:
            seen.add(number)
            steps.append(calm[number].step)
            number = calm[number].target
        return tuple(steps)
