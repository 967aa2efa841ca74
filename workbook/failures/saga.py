"""A saga as a pure machine: its orders, its participants, and all that may happen next.

What a state does not hold, the saga has forgotten: an orchestrator that did not hear an answer and
one that died before it noted it are in the same state, with the log as their only memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from workbook.errors import WorkbookError
from workbook.failures.contract import AVAILABLE, DONE, ERROR, REFUSED, Command, Desk, Files, Key

STARTED, TIME_IS_UP = "started", ("saga", "timed out")
ANSWERED, LOST, DEAD_AFTER, DEAD_BEFORE = "answered", "lost", "dead after", "dead before"
LATE, ARRIVES, TIME_UP = "late", "arrives", "time up"
FAULTS = frozenset({LOST, DEAD_AFTER, DEAD_BEFORE, LATE})
PLENTY, ATTEMPTS = 100, 3
NAMES = "AB"

Entry = tuple[str, str]
History = tuple[Entry, ...]
NextCommand = Callable[[list[Entry]], str | None]


class Situation(NamedTuple):
    """Where the tree begins: how many orders, and the one last article if they are rivals."""

    words: str
    orders: int = 1
    shelves: int | None = None  # None: the participant says itself whether there is one
    failing: bool = True


SITUATIONS = (
    Situation("une commande"),
    Situation("deux commandes, un dernier article", 2, shelves=1, failing=False),
)


@dataclass(frozen=True)
class Order:
    """An order's saga: its log; whether somebody must take it up again; how it ended."""

    history: History
    asleep: bool = False
    status: str = ""
    attempts: tuple[tuple[str, int], ...] = ()


class Flying(NamedTuple):
    """A command on its way, that nobody waits for any more."""

    order: int
    command: str
    key: str


@dataclass(frozen=True)
class State:
    """All that matters for what may still happen."""

    situation: int
    orders: tuple[Order, ...]
    files: Files = frozenset()
    flying: tuple[Flying, ...] = ()
    wills: frozenset[tuple[int, str, bool]] = frozenset()  # what participants said of their own

    @property
    def is_quiet(self) -> bool:
        """Every order has ended, and nothing is on its way."""
        return not self.flying and all(order.status for order in self.orders)


class Step(NamedTuple):
    """What happened between two states: to which order, which command, and its effect there."""

    order: int
    what: str
    command: str = ""
    outcome: str = ""
    moved: bool = False
    again: bool = False

    @property
    def is_fault(self) -> bool:
        return self.what in FAULTS


@dataclass(frozen=True)
class Rules:
    """How the orchestrator keeps its log and its keys, and when it may give up."""

    key: Key
    log_first: bool
    pivot: str
    verdict: Callable[[History], str]


def verdict(history: Sequence[Entry]) -> str:
    """How an order ends, read in its log."""
    if TIME_IS_UP in history:
        return "CANCELLED"
    return "REJECTED" if any(outcome == REFUSED for _, outcome in history) else "CONFIRMED"


class Machine:
    """Every state that follows another. `next_command` is asked once for each log."""

    def __init__(
        self,
        next_command: NextCommand,
        participants: Iterable[Command],
        rules: Rules,
        situations: Sequence[Situation],
    ) -> None:
        self._next_command, self.rules, self.situations = next_command, rules, situations
        self.desk = Desk(participants)
        self.decisions: dict[History, str | None] = {}
        self._is_fresh = _differs(rules.key)
        self._counts = self._is_fresh or _counts_attempts(rules.key, self.desk.commands)

    # -- beginnings ---------------------------------------------------------------------------

    def beginnings(self) -> list[State]:
        """One state for each situation."""
        order = self._after(Order(()))
        return [State(n, (order,) * s.orders) for n, s in enumerate(self.situations)]

    def start_of(self, state: State) -> dict[str, int]:
        """The books before anything happened."""
        shelves = self.situations[state.situation].shelves
        return {AVAILABLE: PLENTY if shelves is None else shelves}

    def books(self, state: State) -> dict[str, int]:
        """The books of a state."""
        return self.desk.books(state.files, self.start_of(state))

    # -- what may happen ----------------------------------------------------------------------

    def steps(self, state: State) -> Iterator[tuple[Step, State]]:
        """Everything that may happen next, what goes well first."""
        failing = self.situations[state.situation].failing
        for number, order in enumerate(state.orders):
            if order.status:
                continue
            yield from self._sent(state, number, failing)
            if order.asleep and self._may_give_up(order):
                given_up = replace(order, history=(*order.history, TIME_IS_UP), asleep=False)
                yield Step(number, TIME_UP), _with(state, number, self._after(given_up))
        for flying in state.flying:
            yield from self._arrived(state, flying)

    def _sent(self, state: State, number: int, failing: bool) -> Iterator[tuple[Step, State]]:
        order = state.orders[number]
        name = self._decided(order.history)
        attempt = dict(order.attempts).get(name, 0) + 1
        key = self.key(NAMES[number], name, attempt)
        counted = self._counted(order, name, attempt)
        failing = failing and not (self._counts and attempt >= ATTEMPTS)
        effects = list(self._effects(state, number, name, key))
        for step, after in effects:
            answered = self._answered(counted, name, step.outcome)
            yield step._replace(what=ANSWERED), _with(after, number, answered)
        if not failing:
            return
        asleep = replace(counted, asleep=True)
        for what in (DEAD_AFTER, LOST):
            for step, after in effects:
                yield step._replace(what=what), _with(after, number, asleep)
        if not order.asleep:
            yield Step(number, DEAD_BEFORE, name), _with(state, number, replace(order, asleep=True))
        if not any(flying.order == number for flying in state.flying):
            flying = (*state.flying, Flying(number, name, key))
            yield Step(number, LATE, name), _with(replace(state, flying=flying), number, asleep)

    def _arrived(self, state: State, flying: Flying) -> Iterator[tuple[Step, State]]:
        landed = replace(state, flying=tuple(f for f in state.flying if f != flying))
        for step, after in self._effects(landed, *flying):
            yield step._replace(what=ARRIVES), after

    def _effects(
        self, state: State, number: int, name: str, key: str
    ) -> Iterator[tuple[Step, State]]:
        """What the participant makes of a command: one outcome, two where it has a will."""
        books = self.books(state)
        for will in self._wills(state, number, name, key):
            files, outcome = self.desk.answer(state.files, name, key, will, books)
            moved = _times(files, name) > _times(state.files, name)
            again = moved and any(
                f.command == name and f.times and self._is_of(f.key, number) for f in state.files
            )
            wills = state.wills
            if self.desk.is_open(state.files, name, key):
                wills |= {(number, name, will)}
            step = Step(number, "", name, outcome, moved, again)
            yield step, replace(state, files=files, wills=wills)

    def _wills(self, state: State, number: int, name: str, key: str) -> list[bool]:
        scarce = self.situations[state.situation].shelves is not None
        if scarce or not self.desk.is_open(state.files, name, key):
            return [True]
        said = [will for n, command, will in state.wills if (n, command) == (number, name)]
        return said or [True, False]

    # -- the orchestrator ---------------------------------------------------------------------

    def _answered(self, order: Order, name: str, outcome: str) -> Order:
        """It notes the answer; what it does not understand it will ask again."""
        if outcome == ERROR:
            return replace(order, asleep=True)
        entries = [(name, outcome)] if self.rules.log_first else [(name, STARTED), (name, outcome)]
        new = tuple(entry for entry in entries if entry not in order.history)
        return self._after(replace(order, history=order.history + new, asleep=False))

    def _after(self, order: Order) -> Order:
        """Note the command that comes next, before it is sent, or the end."""
        name = self._decided(order.history)
        if name is None:
            ended = Order(order.history, status=self.rules.verdict(order.history))
            return replace(ended, attempts=())
        if self.rules.log_first and (name, STARTED) not in order.history:
            return replace(order, history=(*order.history, (name, STARTED)))
        return order

    def _may_give_up(self, order: Order) -> bool:
        history = order.history
        refused = any(outcome == REFUSED for _, outcome in history)
        return (self.rules.pivot, DONE) not in history and TIME_IS_UP not in history and not refused

    def _decided(self, history: History) -> str | None:
        if history not in self.decisions:
            name, again = (self._next_command(list(history)) for _ in range(2))
            if name != again:
                raise WorkbookError(
                    f"Pour le même journal, next_command répond {_said(name)}, puis "
                    f"{_said(again)} : elle ne doit dépendre que de « history »."
                )
            if name is not None and name not in self.desk.commands:
                raise WorkbookError(
                    f"next_command demande {_said(name)}, qui n’est pas une commande. "
                    f"Il y a : {', '.join(self.desk.commands)}, et None quand tout est fini."
                )
            self.decisions[history] = name
        return self.decisions[history]

    # -- keys ---------------------------------------------------------------------------------

    def key(self, order: str, command: str, attempt: int) -> str:
        """The key of one attempt; one drawn by lot is only known to be another each time."""
        if self._is_fresh:
            return f"{order}-{command}-{attempt}"
        return str(self.rules.key(order, command, attempt))

    def keys_of(self, order: str) -> set[str]:
        """Every key an order may use."""
        attempts = range(1, ATTEMPTS + 1)
        return {self.key(order, command, n) for command in self.desk.commands for n in attempts}

    def _is_of(self, key: str, number: int) -> bool:
        return key in self.keys_of(NAMES[number])

    def _counted(self, order: Order, name: str, attempt: int) -> Order:
        if not self._counts:
            return order
        attempts = {**dict(order.attempts), name: min(attempt, ATTEMPTS - 1)}
        return replace(order, attempts=tuple(sorted(attempts.items())))


def _with(state: State, number: int, order: Order) -> State:
    orders = (*state.orders[:number], order, *state.orders[number + 1 :])
    return replace(state, orders=orders)


def _times(files: Files, name: str) -> int:
    return sum(filed.times for filed in files if filed.command == name)


def _differs(key: Key) -> bool:
    return key("A", "charge", 1) != key("A", "charge", 1)


def _counts_attempts(key: Key, commands: Mapping[str, Command]) -> bool:
    return any(key("A", name, 1) != key("A", name, 2) for name in commands)


def _said(name: object) -> str:
    return "None" if name is None else f"« {name} »"
