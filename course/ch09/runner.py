"""ch09.runner: an orchestrator killed between any two of its acts, and called again."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from types import CodeType, FunctionType
from typing import Any, NamedTuple, NoReturn

from course.ch09.experiments import NoAnswer
from workbook.checks import Exercise, Harness, expect
from workbook.checks.outcome import Finding, Incorrect
from workbook.failures.contract import (
    AVAILABLE,
    CHARGED,
    PARTICIPANTS,
    REFUNDED,
    RESERVED,
    SOLD,
    Desk,
    Files,
)
from workbook.failures.contract import REFUSED as NO

CONFIRMED, REJECTED, CANCELLED = "CONFIRMED", "REJECTED", "CANCELLED"
BEFORE, AFTER, LOST, UNHEARD = "meurt avant", "meurt après", "réponse perdue", "demande perdue"
SLOW = "le temps s’écoule pendant"
FORWARD = ("reserve", "charge")  # what is asked for before the debit is known
ASKS = "demander "
NEVER, MOST_ACTS, KEY = 99, 200, "A"
CONTAINERS = dict | list | set | deque

exercise = Exercise(
    "ch09.runner",
    title="Trouver le défaut",
    asks="run",
    hints=(
        'Une mort juste après `send("reserve")` : que dit le journal ? Et si, au retour, le '
        "temps est écoulé ?",
        "Une demande sans réponse a peut-être eu lieu. Le journal doit le dire avant l’appel, "
        "ou l’annulation doit défaire sans le savoir.",
        'Avant `send`, `log.append((command, "started"))`. Pour défaire, la condition devient : '
        "« started » et pas « refused ».",
    ),
)


class Story(NamedTuple):
    """What awaits one order: who refuses it, and before which call of `run` its time is up."""

    words: str
    refused: str = ""
    late_from: int = NEVER


class Fault(NamedTuple):
    """What happens at the n-th act of the orchestrator."""

    act: int
    kind: str


STORIES = (
    Story("la carte est bonne"),
    Story("la carte est refusée", refused="charge"),
    Story("le rayon est vide", refused="reserve"),
)
LATE = tuple(
    story._replace(late_from=n) for story in STORIES for n in (2, 3)
)  # the time is up when the orchestrator comes back


@exercise.step("Sans panne, la commande finit bien", points=1)
def ends_well(harness: Harness, run: Callable) -> None:
    program = _program(harness, run)
    for story in STORIES:
        _Life(program, story).live_and_judge()
    _Life(program, Story("le temps est écoulé dès le début", late_from=1)).live_and_judge()


@exercise.step("Une panne, à chaque instant", points=2, after=ends_well, timeout=20)
def survives_once(harness: Harness, run: Callable) -> None:
    program = _program(harness, run)
    for story in (*STORIES, *LATE):
        for fault in _faults(program, story):
            _Life(program, story, (fault,)).live_and_judge()


@exercise.step("Deux pannes, à tous les instants", points=1, after=survives_once, timeout=45)
def survives_twice(harness: Harness, run: Callable) -> None:
    program = _program(harness, run)
    for story in (*STORIES, *LATE):
        for first in _faults(program, story):
            for second in _faults(program, story, (first,)):
                _Life(program, story, (first, second)).live_and_judge()


def _program(harness: Harness, run: Callable) -> _Program:
    return harness.kept("program", lambda: _Program(run))


def _faults(program: _Program, story: Story, known: tuple[Fault, ...] = ()) -> Iterator[Fault]:
    """Every fault that may come at an act later than the known ones."""
    life = _Life(program, story, known)
    life.live()
    for number, act in enumerate(life.acts, 1):
        if number > (known[-1].act if known else 0):
            for kind in _kinds(act, in_time=story.late_from == NEVER):
                yield Fault(number, kind)


def _kinds(act: str, in_time: bool) -> Iterator[str]:
    """What may go wrong at this act: a note, or a request."""
    yield from (BEFORE, AFTER)
    if act.startswith(ASKS):
        yield from (LOST, UNHEARD)
        if in_time and act.removeprefix(ASKS) in (*FORWARD, "confirm"):
            yield SLOW


class _Program:
    """The learner's function, and what it may remember beside the log: a death loses that.

    It is in the globals that it names, and in those of the functions and classes that it names.
    """

    def __init__(self, run: Callable) -> None:
        self.run = run
        self._globals = getattr(inspect.unwrap(run), "__globals__", {})
        named = self._named(inspect.unwrap(run), set())
        self._saved = {name: _copied(self._globals[name]) for name in named}

    def start(self) -> None:
        """Remember nothing: a new process is as the first one was when the check began."""
        self._globals.update({name: _copied(value) for name, value in self._saved.items()})

    def _named(self, what: Any, seen: set[str]) -> set[str]:
        """Names of the values that may change, from the code of `what` on; fills `seen`."""
        found = set()
        for name in _names(what) & self._globals.keys() - seen:
            seen.add(name)
            value = self._globals[name]
            if isinstance(value, FunctionType | type):
                found |= self._named(value, seen)
            elif value is None or isinstance(value, CONTAINERS | str | int):
                found.add(name)
        return found


def _names(what: Any) -> set[str]:
    """Every name in the code of a function, of a class, or of what is written inside."""
    if isinstance(what, type):
        return set().union(*map(_names, vars(what).values()))
    code = what if isinstance(what, CodeType) else getattr(what, "__code__", None)
    if code is None:
        return set()
    inside = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*map(_names, inside))


def _copied(value: Any) -> Any:
    """Containers anew; what they hold may be known by its identity, and stays."""
    if type(value) is dict:
        return {key: _copied(item) for key, item in value.items()}
    if type(value) is list:
        return [_copied(item) for item in value]
    return copy(value) if isinstance(value, CONTAINERS) else value


class _Death(BaseException):
    """The process is gone: no `except Exception` of its own can help."""


class _Log(list):
    """A log on a disk: one only adds to it, and each addition is an act that may be the last."""

    def __init__(self, life: _Life) -> None:
        super().__init__()
        self._life = life

    def append(self, entry: object) -> None:
        def add() -> None:
            super(_Log, self).append(entry)
            self._life.noted()

        self._life.act(f"noter {_entry(entry)}", add)

    def extend(self, entries: Sequence[object]) -> None:
        for entry in entries:
            self.append(entry)

    def __iadd__(self, entries: Sequence[object]) -> _Log:
        self.extend(entries)
        return self

    def _refuse(self, *_: object) -> None:
        raise Incorrect(
            Finding(
                "Votre fonction efface ou remplace une ligne du journal.",
                "un journal où l’on ne fait qu’ajouter, avec `log.append(…)`",
                "Ce qui a eu lieu ailleurs n’aurait plus laissé de trace.",
            )
        )

    __setitem__ = __delitem__ = insert = pop = remove = clear = sort = reverse = _refuse


@dataclass
class _Life:
    """An order from its beginning to its end, through the faults that were planned.

    Time is up once and for all: before a call of `run`, or during a request that is answered.
    `unanswered` are the requests of this call of `run`; `heard`, all the answers it was given.
    """

    program: _Program
    story: Story
    faults: tuple[Fault, ...] = ()
    acts: list[str] = field(default_factory=list)
    files: Files = frozenset()
    calls: int = 0
    dead: bool = True
    late: bool = False
    just_charged: bool = False
    paid: bool = False  # the answer to the debit is in the log
    paid_in_time: bool = False
    heard: set[tuple[str, str]] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    complaint: Incorrect | None = None
    status: object = None

    def __post_init__(self) -> None:
        self._desk, self._log = Desk(PARTICIPANTS), _Log(self)

    def live(self) -> None:
        """Call `run` until it returns; each fault costs it one call at most."""
        for _ in range(len(self.faults) + 1):
            self._wake_up()
            try:
                self.status = self.program.run(self._log, self.send, self.is_late)
                return
            except (_Death, NoAnswer):
                if self.complaint:
                    raise self.complaint from None
        raise self._wrong(
            "elle n’est toujours pas finie.",
            "une commande finie, une fois les pannes passées",
            "La commande resterait en attente pour toujours.",
        )

    def _wake_up(self) -> None:
        """Before a call of `run`, in the same process or in a new one."""
        if self.dead:
            self.program.start()
            self.just_charged = False
        self.calls, self.dead, self.unanswered = self.calls + 1, False, set()
        if self.calls >= self.story.late_from:
            self._time_is_up()

    def _time_is_up(self) -> None:
        if not self.late:
            self.late, self.paid_in_time = True, self.paid

    def is_late(self) -> bool:
        return self.late

    def send(self, command: str) -> str:
        """What the participant answers, unless a fault comes between."""
        if command not in self._desk.commands:
            self._stop(f"elle envoie « {command} ».", "l’une des cinq demandes")
        if command in FORWARD and self.late and not self.paid_in_time:
            self._stop(
                f"elle demande « {command} », le temps écoulé.",
                "'CANCELLED', sans plus rien demander que d’annuler : `is_late()` se regarde "
                "avant chaque `reserve` et chaque `charge`",
                "Le client croit sa commande annulée, et elle avance encore.",
            )
        if command in self.unanswered:
            self._stop(
                f"elle redemande « {command} » dans le même appel.",
                "une exception `NoAnswer` qui sort de `run`",
                "Tant que le participant se tait, elle insisterait sans regarder l’heure.",
            )
        self.unanswered.add(command)
        outcome = self.act(f"{ASKS}{command}", lambda: self._answer(command))
        self.unanswered.discard(command)
        self.heard.add((command, outcome))
        self.just_charged |= (command, outcome) == ("charge", "done")
        return outcome

    def noted(self) -> None:
        """A line has come to the log."""
        self.paid |= self.just_charged

    def act(self, what: str, do: Callable[[], object]) -> object:
        """One act: what a fault may forbid, or hide."""
        if self.dead:
            raise _Death
        self.acts.append(what)
        if len(self.acts) > MOST_ACTS:
            self._stop("elle recommence sans fin.", "une commande qui finit")
        kind = next((f.kind for f in self.faults if f.act == len(self.acts)), "")
        if kind == UNHEARD:
            raise NoAnswer
        self.dead = kind in (BEFORE, AFTER)
        if kind == BEFORE:
            raise _Death
        result = do()
        if kind == SLOW:
            self._time_is_up()
        if kind == AFTER:
            raise _Death
        if kind == LOST:
            raise NoAnswer
        return result

    def _answer(self, command: str) -> str:
        books = self._desk.books(self.files, {AVAILABLE: 1})
        willing = command != self.story.refused
        self.files, outcome = self._desk.answer(self.files, command, KEY, willing, books)
        if outcome not in ("done", NO):
            raise NoAnswer
        return outcome

    def _right_ends(self) -> tuple[str, ...]:
        """The status that the story has earned; when two things happened, either."""
        if not self.late or self.paid_in_time:
            return (REJECTED,) if self.story.refused else (CONFIRMED,)
        refused = any(outcome == NO for _, outcome in self.heard)
        charged = ("charge", "done") in self.heard
        return (CANCELLED, *[REJECTED] * refused, *[CONFIRMED] * charged)

    def live_and_judge(self) -> None:
        """Its end, and what the books then say."""
        self.live()
        books = self._desk.books(self.files, {AVAILABLE: 1})
        paid = books.get(CHARGED, 0) - books.get(REFUNDED, 0)
        aside, sold = books.get(RESERVED, 0), books.get(SOLD, 0)
        right = (1, 0, 1) if self.status == CONFIRMED else (0, 0, 0)
        ends = self._right_ends()
        if self.status not in ends:
            raise self._wrong(
                f"elle a rendu {self.status!r}.",
                " ou ".join(map(repr, ends)),
                "Le client recevrait la mauvaise réponse.",
            )
        expect(
            (paid, aside, sold) == right,
            seen=f"{self._told()} : elle a rendu {self.status!r}, avec {paid} débit(s) non "
            f"rendu(s), {aside} lampe(s) de côté, {sold} vendue(s).",
            expected="{} débit, {} de côté, {} vendue".format(*right),
            meaning="Un client paierait pour rien, ou recevrait sans payer."
            if paid != right[0]
            else "Une lampe resterait de côté sans acheteur, ou serait perdue.",
        )

    def _told(self) -> str:
        """The story and its faults, in words."""
        late = " ; au retour, le temps est écoulé" if 1 < self.story.late_from < NEVER else ""
        words = [
            f"{fault.kind} « {self.acts[fault.act - 1]} »"
            for fault in self.faults
            if fault.act <= len(self.acts)
        ]
        faults = f", {', puis '.join(words)}{late}" if words else ""
        return f"Ici {self.story.words}{faults}"

    def _stop(self, *words: str) -> NoReturn:
        """Complain, whatever the function catches: it has no act to come."""
        self.complaint, self.dead = self._wrong(*words), True
        raise _Death

    def _wrong(self, seen: str, expected: str, meaning: str = "") -> Incorrect:
        return Incorrect(Finding(f"{self._told()} : {seen}", expected, meaning))


def _entry(entry: object) -> str:
    return " ".join(map(str, entry)) if isinstance(entry, tuple | list) else str(entry)
