"""ch08.names: a copy of the customers' names, right whatever way their events arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from workbook.checks import Exercise, Harness, expect, plain
from workbook.checks.outcome import Finding, Incorrect

exercise = Exercise(
    "ch08.names",
    title="Une copie qui ne recule jamais",
    asks="Copy",
    hints=(
        "Un événement dit tout du client à une version. Il ne vous apprend quelque chose que si "
        "cette version est plus grande que la plus grande reçue pour **ce** client.",
        "Gardez par client la version **et** le nom. Un client supprimé a lui aussi une version : "
        "si vous effacez sa ligne, un événement plus ancien semblera nouveau.",
        "Un dictionnaire `client → (version, nom)`. Une suppression y écrit `(version, None)` : "
        "c’est une pierre tombale (*tombstone*). `name` rend la seconde moitié, ou `None`.",
    ),
)

Event = dict[str, Any]
CHANGED, DELETED = "CUSTOMER_CHANGED", "CUSTOMER_DELETED"
GHOST = "On écrirait encore à un client qui a demandé à être oublié."
BACKWARDS = "Une facture partirait au nom que la cliente ne porte plus."


@exercise.step("Les événements dans l’ordre, une fois chacun", points=1)
def follows(harness: Harness, make: Callable[[], Any]) -> None:
    copy = _Copy(make)
    copy.expect("alice", None, "Aucun événement n’est arrivé")
    _expect_apart(make)
    for history in HISTORIES:
        _deliver(make, history, range(len(history.events)))


@exercise.step("En double", points=1, after=follows)
def ignores_duplicates(harness: Harness, make: Callable[[], Any]) -> None:
    for history in HISTORIES:
        _deliver_all(make, history, _repeated(len(history.events)))


@exercise.step("Dans le désordre", points=1, after=follows)
def sorts(harness: Harness, make: Callable[[], Any]) -> None:
    for history in HISTORIES:
        if not history.deletes:
            _deliver_all(make, history, permutations(range(len(history.events))))


@exercise.step("Après une suppression aussi", points=2, after=(follows, sorts))
def stays_deleted(harness: Harness, make: Callable[[], Any]) -> None:
    for history in HISTORIES:
        if history.deletes:
            _deliver_all(make, history, permutations(range(len(history.events))))


@exercise.step(
    "En double et dans le désordre, toutes les arrivées",
    points=1,
    after=(ignores_duplicates, sorts, stays_deleted),
    timeout=20,
)
def stands_anything(harness: Harness, make: Callable[[], Any]) -> None:
    for history in HISTORIES:
        if len(history.events) <= 3:
            _deliver_all(make, history, _twice(len(history.events)))


# -- histories -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class History:
    """What befell some customers: events, whose versions rise for each of them."""

    events: tuple[Event, ...]

    @property
    def deletes(self) -> bool:
        """Whether somebody was deleted."""
        return any(event["type"] == DELETED for event in self.events)

    def told(self, places: Iterable[int]) -> str:
        """An arrival, in short: `zoe v2, zoe v1 (supprimée)`."""
        return ", ".join(_in_short(self.events[place]) for place in places)


def _history(*steps: tuple[str, int, str | None]) -> History:
    return History(tuple(_event(*step) for step in steps))


def _event(customer: str, version: int, name: str | None) -> Event:
    event = {"type": DELETED, "customer": customer, "version": version}
    return event if name is None else event | {"type": CHANGED, "name": name}


def _in_short(event: Event) -> str:
    gone = ", suppression" * (event["type"] == DELETED)
    return f"{event['customer']} v{event['version']}{gone}"


HISTORIES = (
    _history(("alice", 1, "Alice")),
    _history(("alice", 1, "Alice"), ("alice", 2, "Alice Martin")),
    _history(("alice", 1, "Alice"), ("alice", 2, "Alice Martin"), ("alice", 3, "Alice")),
    # As texts, 10 comes before 9.
    _history(("bob", 9, "Bob"), ("bob", 10, "Bob Durand"), ("bob", 11, "Robert Durand")),
    # The name that comes last is first in the alphabet, and a number does not sort names.
    _history(("zoe", 4, "Zoé"), ("zoe", 5, "Yves"), ("zoe", 6, "Adam"), ("zoe", 7, "Zoé Petit")),
    # Each has a version of its own.
    _history(("alice", 5, "Alice"), ("bob", 1, "Bob"), ("alice", 6, "Alice Roy"), ("bob", 2, "Bo")),
    # The same version of another customer is no duplicate.
    _history(("alice", 1, "Alice"), ("bob", 1, "Bob"), ("alice", 2, "Alice Roy"), ("bob", 2, "Bo")),
    _history(("zoe", 1, "Zoé"), ("zoe", 2, None)),
    _history(("zoe", 1, "Zoé"), ("zoe", 2, "Zoé Petit"), ("zoe", 3, None)),
    _history(("zoe", 1, None), ("zoe", 2, "Zoé")),
    # She comes back, under a version that goes on.
    _history(("zoe", 8, "Zoé"), ("zoe", 9, None), ("zoe", 10, "Zoé Petit")),
    _history(("zoe", 1, "Zoé"), ("zoe", 2, None), ("zoe", 3, "Zoé Petit"), ("zoe", 4, None)),
    _history(("alice", 1, "Alice"), ("zoe", 7, "Zoé"), ("zoe", 8, None), ("alice", 2, "Alice Roy")),
)


def _repeated(number: int) -> Iterator[tuple[int, ...]]:
    """Each event twice in a row; each of them again at the end."""
    yield tuple(place for place in range(number) for _ in range(2))
    if number > 1:
        for place in range(number):
            yield (*range(number), place)


def _twice(number: int) -> list[tuple[int, ...]]:
    """Every arrival of the events, each of them twice."""
    return sorted(set(permutations(tuple(range(number)) * 2)))


# -- the learner's copy ----------------------------------------------------------------------------


class _Copy:
    """A copy of the learner's, empty."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._copy = make()
        for method in ("on_event", "name"):
            if not callable(getattr(self._copy, method, None)):
                raise Incorrect(
                    Finding(
                        f"`Copy()` a donné un objet « {type(self._copy).__name__} » sans méthode "
                        f"`{method}`.",
                        "un objet qui a `on_event(event)` et `name(customer)`",
                    )
                )

    def take(self, event: Event) -> None:
        self._copy.on_event(dict(event))

    def expect(self, customer: str, wanted: str | None, told: str, meaning: str = "") -> None:
        """The name it has, after the events that `told` tells."""
        found = plain(self._copy.name(customer), "Le nom")
        expect(
            found == wanted,
            seen=f"{told} : `name({customer!r})` rend {found!r}.",
            expected=f"{wanted!r}",
            meaning=meaning,
        )


def _deliver_all(
    make: Callable[[], Any], history: History, arrivals: Iterable[Sequence[int]]
) -> None:
    for places in arrivals:
        _deliver(make, history, places)


def _deliver(make: Callable[[], Any], history: History, places: Sequence[int]) -> None:
    """Deliver events in that order; after each, the latest version that has come must show."""
    copy, latest = _Copy(make), {}
    for number, place in enumerate(places, 1):
        event = history.events[place]
        customer = event["customer"]
        copy.take(event)
        if customer not in latest or event["version"] > latest[customer]["version"]:
            latest[customer] = event
        told = f"Arrivés : {history.told(places[:number])}"
        for known, last in latest.items():
            wanted = last.get("name")
            copy.expect(known, wanted, told, BACKWARDS if wanted else GHOST)
    copy.expect("inconnu", None, "D’un client dont rien n’est arrivé")


def _expect_apart(make: Callable[[], Any]) -> None:
    """Two copies have nothing in common."""
    first, second = _Copy(make), _Copy(make)
    first.take(_event("alice", 3, "Alice"))
    second.expect("alice", None, "Une seconde copie, qui n’a rien reçu")
