"""ch08.own: read one's own writes by their version, whatever the copy has received, and when."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from workbook.checks import Exercise, Harness, expect, plain
from workbook.checks.outcome import Finding, Incorrect

MINE, THEIRS, ARRIVES, READ = "j’écris", "un autre écrit", "un événement arrive", "je lis"
ANOTHER_READS = "un autre lit"  # who has written nothing
LONGEST, LONGEST_WITH_ANOTHER = 6, 5
FIRST = 7  # the version from which the copy hears of Alice: it was not there before
TICKS = (1.0, -1.0)  # seconds from one act to the next by carnet's clock, which may be set back

exercise = Exercise(
    "ch08.own",
    title="Trouver le défaut",
    asks="OwnReader",
    hints=(
        "Deux changements se suivent ; le second est le vôtre. L’événement du premier arrive "
        "après votre écriture. Que vaut alors `copied_at` ? Et que contient la copie ?",
        "L’heure d’arrivée ne dit pas **de quel** changement il s’agit. Quel nombre, présent dans "
        "l’événement et dans la réponse de carnet, le dit ?",
        '`known["version"] >= written["version"]` : la copie suffit. Sinon, `self.ask(customer)`. '
        "Sans écriture (`written` vaut `None`), toute version convient.",
    ),
)


@exercise.step("Qui n’a rien écrit lit la copie", points=1)
def serves_strangers(harness: Harness, make: Callable) -> None:
    for length in range(1, LONGEST):
        for story in _stories((THEIRS, ARRIVES, READ), length):
            for tick in TICKS:
                _play(make, story, tick)


@exercise.step("Je lis toujours ce que j’ai écrit", points=3, after=serves_strangers, timeout=30)
def reads_own_writes(harness: Harness, make: Callable) -> None:
    for length in range(2, LONGEST + 1):
        for story in _stories((MINE, THEIRS, ARRIVES, READ), length):
            if MINE in story:
                for tick in TICKS:
                    _play(make, story, tick, only_age=True)


@exercise.step("carnet n’est appelé que si la copie est trop vieille", after=reads_own_writes)
def spares_the_owner(harness: Harness, make: Callable) -> None:
    for length in range(2, LONGEST_WITH_ANOTHER + 1):
        for story in _stories((MINE, THEIRS, ARRIVES, READ, ANOTHER_READS), length):
            for tick in TICKS:
                _play(make, story, tick)
    for story in _stories((MINE, THEIRS, ARRIVES, READ), LONGEST):
        for tick in TICKS:
            _play(make, story, tick)


def _stories(acts: tuple[str, ...], length: int) -> Iterator[tuple[str, ...]]:
    """Every sequence of that length that ends with a read; no event arrives before its write."""
    ends = [act for act in acts if act in (READ, ANOTHER_READS)]
    for story in product(acts, repeat=length - 1):
        written = 1
        arrived = 0
        for act in story:
            written += act in (MINE, THEIRS)
            arrived += act == ARRIVES
            if arrived > written:
                break
        else:
            yield from ((*story, end) for end in ends)


class _Owner:
    """`carnet`: Alice's name by version, from `FIRST` on, which was there before the story."""

    def __init__(self) -> None:
        self.names, self.calls, self.now = ["Alice"], 0, time.time()

    def write(self, who: str) -> dict[str, Any]:
        self.names.append(f"Alice {who} {len(self.names)}")
        return self.answer(self.version)

    @property
    def version(self) -> int:
        return FIRST + len(self.names) - 1

    def answer(self, version: int) -> dict[str, Any]:
        name = self.names[version - FIRST]
        return {"customer": "alice", "name": name, "version": version, "at": self.now}

    def ask(self, customer: str) -> dict[str, Any]:
        self.calls += 1
        if customer != "alice":
            raise Incorrect(
                Finding(f"`ask` a été appelée avec {customer!r}.", "le client demandé, 'alice'")
            )
        return self.answer(self.version)


def _play(make: Callable, story: tuple[str, ...], tick: float, only_age: bool = False) -> None:
    owner = _Owner()
    reader = make(owner.ask)
    reader.on_event(_of_bob(0))
    changes = [owner.answer(FIRST)]
    written, arrived = None, 0
    for number, act in enumerate(story, 1):
        owner.now += tick
        if act in (MINE, THEIRS):
            change = owner.write("Martin" if act == MINE else "Durand")
            changes.append(change)
            written = change if act == MINE else written
        elif act == ARRIVES:
            reader.on_event(dict(changes[arrived]))
            arrived += 1
            reader.on_event(_of_bob(arrived))
        else:
            told = _told(story[:number], tick)
            mine = written if act == READ else None
            _read(reader, owner, mine, arrived, told, only_age)


def _read(
    reader: Any,
    owner: _Owner,
    written: dict[str, Any] | None,
    arrived: int,
    told: str,
    only_age: bool,
) -> None:
    before = owner.calls
    found = plain(reader.read("alice", written and dict(written)), "Le nom rendu")
    mine = written["version"] if written else FIRST
    expect(
        found in owner.names,
        seen=f"{told} : `read` rend {found!r}.",
        expected="un nom d’Alice",
    )
    version = FIRST + owner.names.index(found)
    expect(
        version >= mine,
        seen=f"{told} : `read` rend la version {version}, plus vieille que la mienne ({mine}).",
        expected=f"la version {mine}, ou une plus récente",
        meaning="La cliente change son adresse, la page montre l’ancienne : elle recommence, ou "
        "elle appelle.",
    )
    if only_age:
        return
    calls, allowed = owner.calls - before, int(FIRST + arrived - 1 < mine)
    expect(
        calls <= allowed,
        seen=f"{told} : carnet a été appelé {calls} fois.",
        expected="aucun appel : la copie est assez récente" if not allowed else "un seul appel",
        meaning="Chaque lecture attendrait carnet : la copie ne servirait à rien.",
    )


def _of_bob(number: int) -> dict[str, Any]:
    """An event of another customer, whose versions are far ahead of Alice's."""
    return {"customer": "bob", "name": f"Bob {number}", "version": 50 + number, "at": time.time()}


def _told(acts: tuple[str, ...], tick: float) -> str:
    clock = " (l’horloge de carnet a été remise à l’heure)" if tick < 0 else ""
    return f"{', puis '.join(acts).capitalize()}{clock}"
