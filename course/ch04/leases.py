"""ch04.leases: a registry of leases, compared with a model over every short story."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any

from workbook.checks import Exercise, Harness, expect

LEASE = 3
PRODUCTS, ORDERS = "products", "orders"
FIRST, SECOND = "http://10.0.0.1:80", "http://10.0.0.2:80"
NICKNAMES = {FIRST: "A", SECOND: "B"}

exercise = Exercise(
    "ch04.leases",
    title="Tenir l’annuaire",
    asks="Registry",
    hints=(
        "Un dictionnaire suffit : pour chaque couple (service, adresse), la fin de son bail.",
        "Personne ne prévient de la fin d’un bail. Comparez l’heure de fin à `clock()` à chaque "
        "fois que l’on vous demande quelque chose : une adresse dont l’heure est passée ne compte "
        "plus.",
        "`heartbeat` a deux réponses. Bail en cours : `True`, et trois nouvelles secondes. Sinon "
        "`False`, et rien ne change : c’est à l’instance de se réinscrire.",
    ),
)

# An act is (verb, service, url), or (WAIT, seconds).
REGISTER, BEAT, LEAVE, WAIT = "register", "heartbeat", "deregister", "wait"
Act = tuple[Any, ...]


def _on(service: str, url: str) -> tuple[Act, Act, Act]:
    return tuple((verb, service, url) for verb in (REGISTER, BEAT, LEAVE))


ALONE = (*_on(PRODUCTS, FIRST)[:1], (WAIT, 1), (WAIT, 2))
BEATING = (*_on(PRODUCTS, FIRST)[:2], (WAIT, 1), (WAIT, 2))
LEAVING = (*_on(PRODUCTS, FIRST), (WAIT, 2))
SEVERAL = (
    *_on(PRODUCTS, FIRST),
    *_on(PRODUCTS, SECOND)[:1],
    *_on(ORDERS, FIRST)[::2],
    (WAIT, 2),
)


@exercise.step("Une adresse inscrite se trouve pendant trois secondes", points=1)
def expires(harness: Harness, registry: Callable) -> None:
    _compare(registry, _stories(ALONE, 5))


@exercise.step("Un battement prolonge le bail, et ne ranime personne", points=2, after=expires)
def beats(harness: Harness, registry: Callable) -> None:
    _compare(registry, _stories(BEATING, 5))


@exercise.step("Qui se désinscrit disparaît aussitôt", points=1, after=expires)
def leaves(harness: Harness, registry: Callable) -> None:
    _compare(registry, _stories(LEAVING, 5))


@exercise.step("Chaque service a ses adresses, chaque adresse son bail", points=1, after=expires)
def keeps_apart(harness: Harness, registry: Callable) -> None:
    _compare(registry, _stories(SEVERAL, 4))


def _stories(acts: Iterable[Act], longest: int) -> Iterator[tuple[Act, ...]]:
    """Every sequence of these acts, the shortest first."""
    for length in range(1, longest + 1):
        yield from product(tuple(acts), repeat=length)


class _Model:
    """What the text promises."""

    def __init__(self) -> None:
        self.now = 0
        self._ends: dict[tuple[str, str], int] = {}

    def act(self, verb: str, service: str, url: str) -> bool | None:
        is_alive = self._ends.get((service, url), self.now) > self.now
        if verb == REGISTER or (verb == BEAT and is_alive):
            self._ends[service, url] = self.now + LEASE
        if verb == LEAVE:
            self._ends.pop((service, url), None)
        return is_alive if verb == BEAT else None

    def lookup(self, service: str) -> set[str]:
        return {
            url for (name, url), end in self._ends.items() if name == service and end > self.now
        }


def _compare(registry: Callable, stories: Iterable[tuple[Act, ...]]) -> None:
    for story in stories:
        _play(registry, story)


def _play(registry: Callable, story: tuple[Act, ...]) -> None:
    """One story in a new registry. What it says midway, a shorter one asks."""
    model = _Model()
    theirs = registry(lambda: 1_000.0 + model.now)
    for place, act in enumerate(story):
        if act[0] == WAIT:
            model.now += act[1]
            continue
        wanted, got = model.act(*act), _method(theirs, act[0])(*act[1:])
        if act[0] == BEAT:
            expect(
                got is wanted,
                seen=f"{_told(story[: place + 1])} : ce battement a rendu {got!r}.",
                expected=str(wanted),
                meaning="Une instance bien vivante se croirait oubliée."
                if wanted
                else "Une instance oubliée se croirait connue, et ne recevrait plus un client.",
            )
    for service in (PRODUCTS, ORDERS):
        _expect_known(_method(theirs, "lookup")(service), model.lookup(service), service, story)


def _method(theirs: Any, name: str) -> Callable:
    method = getattr(theirs, name, None)
    expect(
        callable(method),
        seen=f"Votre annuaire n’a pas de méthode `{name}`.",
        expected="register, heartbeat, deregister et lookup",
    )
    return method


def _expect_known(answer: Any, wanted: set[str], service: str, story: tuple[Act, ...]) -> None:
    expect(
        isinstance(answer, Iterable) and not isinstance(answer, str),
        seen=f"`lookup` a rendu {answer!r}.",
        expected="une liste d’adresses",
    )
    found = list(answer)
    expect(
        len(found) == len(wanted) and set(found) == wanted,
        seen=f"{_told(story)} ; `lookup({service!r})` rend {_names(found)}.",
        expected=_names(sorted(wanted)),
        meaning="Des clients seraient envoyés à une adresse où il n’y a plus personne."
        if set(found) - wanted
        else "Une instance vivante ne recevrait plus un client."
        if wanted - set(found)
        else "La même instance recevrait deux fois sa part.",
    )


_VERBS = {REGISTER: "inscrire", BEAT: "battement de", LEAVE: "désinscrire"}


def _told(story: Iterable[Act]) -> str:
    """The story in words; another service is named only where it is there."""
    words = [
        f"{act[1]} s passent"
        if act[0] == WAIT
        else f"{_VERBS[act[0]]} {NICKNAMES[act[2]]}" + (f" ({ORDERS})" * (act[1] == ORDERS))
        for act in story
    ]
    text = ", ".join(words)
    return text[0].upper() + text[1:]


def _names(urls: Iterable[Any]) -> str:
    names = [NICKNAMES.get(url, repr(url)) for url in urls]
    return f"[{', '.join(names)}]" if names else "une liste vide"
