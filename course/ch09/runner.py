"""ch09.runner: an orchestrator killed between any two of its acts, and called again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

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
NEVER, MOST_ACTS, KEY = 99, 200, "A"

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
    for story in STORIES:
        _Life(run, story).live_and_judge(_wanted(story))
    _Life(run, Story("le temps est écoulé dès le début", late_from=1)).live_and_judge(CANCELLED)


@exercise.step("Une panne, à chaque instant", points=2, after=ends_well, timeout=20)
def survives_once(harness: Harness, run: Callable) -> None:
    for story in (*STORIES, *LATE):
        for fault in _faults(run, story):
            _Life(run, story, (fault,)).live_and_judge(_wanted(story))


@exercise.step("Deux pannes, à tous les instants", points=1, after=survives_once, timeout=45)
def survives_twice(harness: Harness, run: Callable) -> None:
    for story in (*STORIES, *LATE):
        for first in _faults(run, story):
            for second in _faults(run, story, (first,)):
                _Life(run, story, (first, second)).live_and_judge(_wanted(story))


def _wanted(story: Story) -> str:
    """The end of a story; when time runs out on the way, any that agrees with the books."""
    if story.late_from != NEVER:
        return ""
    return REJECTED if story.refused else CONFIRMED


def _faults(run: Callable, story: Story, known: tuple[Fault, ...] = ()) -> Iterator[Fault]:
    """Every fault that may come at an act later than the known ones."""
    life = _Life(run, story, known)
    life.live()
    for number, act in enumerate(life.acts, 1):
        if number > (known[-1].act if known else 0):
            sends = act.startswith("demander")
            for kind in (BEFORE, AFTER, LOST, UNHEARD) if sends else (BEFORE, AFTER):
                yield Fault(number, kind)


class _Death(BaseException):
    """The process is gone: no `except Exception` of its own can help."""


class _Log(list):
    """A log on a disk: one only adds to it, and each addition is an act that may be the last."""

    def __init__(self, life: _Life) -> None:
        super().__init__()
        self._life = life

    def append(self, entry: object) -> None:
        self._life.act(f"noter {_entry(entry)}", lambda: super(_Log, self).append(entry))

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
    """An order from its beginning to its end, through the faults that were planned."""

    run: Callable
    story: Story
    faults: tuple[Fault, ...] = ()
    acts: list[str] = field(default_factory=list)
    files: Files = frozenset()
    calls: int = 0
    dead: bool = False
    status: object = None

    def __post_init__(self) -> None:
        self._desk, self._log = Desk(PARTICIPANTS), _Log(self)

    def live(self) -> None:
        """Call `run` until it returns; each fault costs it one call at most."""
        for _ in range(len(self.faults) + 1):
            self.calls, self.dead = self.calls + 1, False
            try:
                self.status = self.run(self._log, self.send, self.is_late)
                return
            except (_Death, NoAnswer):
                continue
        raise self._incorrect(
            "elle n’est toujours pas finie.",
            "une commande finie, une fois les pannes passées",
            "La commande resterait en attente pour toujours.",
        )

    def is_late(self) -> bool:
        return self.calls >= self.story.late_from

    def send(self, command: str) -> str:
        """What the participant answers, unless a fault comes between."""
        if command not in self._desk.commands:
            raise self._incorrect(f"elle envoie « {command} ».", "l’une des cinq demandes")
        return self.act(f"demander {command}", lambda: self._answer(command))

    def act(self, what: str, do: Callable[[], object]) -> object:
        """One act: what a fault may forbid, or hide."""
        if self.dead:
            raise _Death
        self.acts.append(what)
        if len(self.acts) > MOST_ACTS:
            raise self._incorrect("elle recommence sans fin.", "une commande qui finit")
        kind = next((f.kind for f in self.faults if f.act == len(self.acts)), "")
        if kind == UNHEARD:
            raise NoAnswer
        self.dead = kind in (BEFORE, AFTER)
        if kind == BEFORE:
            raise _Death
        result = do()
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

    def live_and_judge(self, wanted: str = "") -> None:
        """Its end, and what the books then say."""
        self.live()
        books = self._desk.books(self.files, {AVAILABLE: 1})
        paid = books.get(CHARGED, 0) - books.get(REFUNDED, 0)
        aside, sold = books.get(RESERVED, 0), books.get(SOLD, 0)
        right = (1, 0, 1) if self.status == CONFIRMED else (0, 0, 0)
        if self.status not in (CONFIRMED, REJECTED, CANCELLED) or (
            wanted and self.status != wanted
        ):
            raise self._incorrect(
                f"elle a rendu {self.status!r}.",
                repr(wanted) if wanted else "'CONFIRMED', 'REJECTED' ou 'CANCELLED'",
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

    def _incorrect(self, seen: str, expected: str, meaning: str = "") -> Incorrect:
        return Incorrect(Finding(f"{self._told()} : {seen}", expected, meaning))


def _entry(entry: object) -> str:
    return " ".join(map(str, entry)) if isinstance(entry, tuple | list) else str(entry)
