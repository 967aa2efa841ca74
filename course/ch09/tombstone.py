"""ch09.tombstone: a compensation that may be repeated, and that may come before its command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from itertools import product

from workbook.checks import Exercise, Harness, expect, plain
from workbook.shop.client import Response

RESERVE, RELEASE = "PUT", "DELETE"
LONGEST = 4
MANY = 100  # orders cancelled before the first of them is heard of again
SAID = {RESERVE: "réserver", RELEASE: "annuler"}
BODY = {"items": [{"sku": "LAMP", "quantity": 1}]}

exercise = Exercise(
    "ch09.tombstone",
    title="Annuler ce qui n’est pas encore arrivé",
    service="rayon",
    hints=(
        "Que faut-il savoir d’une commande pour répondre juste ? Trois cas : jamais vue, de côté, "
        "annulée. Un dictionnaire suffit : le numéro de la commande, et son état.",
        "`DELETE` note « annulée » même pour une commande jamais vue. `PUT` regarde cette note "
        "avant de toucher au stock.",
        "`PUT` : annulée, 410 ; déjà de côté, rien ne bouge ; jamais vue, une lampe de côté. "
        "`DELETE` : de côté, la lampe retourne en rayon ; dans tous les cas, l’état est annulée.",
    ),
)


@exercise.step("Une réservation, puis son annulation", points=1)
def does_and_undoes(harness: Harness) -> None:
    _play(harness, (RESERVE, RELEASE))


@exercise.step("Répéter ne change rien", points=1, after=does_and_undoes)
def repeats(harness: Harness) -> None:
    for requests in _sequences():
        if requests[0] == RESERVE and "DELETE PUT" not in " ".join(requests):
            _play(harness, requests)


@exercise.step("L’annulation arrive d’abord", points=2, after=does_and_undoes)
def leaves_a_tombstone(harness: Harness) -> None:
    for requests in _sequences():
        _play(harness, requests)


@exercise.step("Les commandes des autres ne bougent pas", points=1, after=does_and_undoes)
def leaves_others_alone(harness: Harness) -> None:
    for first, second in product(product((RESERVE, RELEASE), repeat=2), repeat=2):
        for turns in ("ABAB", "ABBA"):
            _play(harness, first, second, turns)
    _play_many(harness)


def _sequences() -> Iterator[tuple[str, ...]]:
    """Every sequence, the shortest first: the first that fails is the one to show."""
    for length in range(1, LONGEST + 1):
        yield from product((RESERVE, RELEASE), repeat=length)


def _play(
    harness: Harness, requests: Sequence[str], others: Sequence[str] = (), turns: str = ""
) -> None:
    """Send the requests of one fresh order, or of two in these turns.

    The books are looked at after each request, of two orders after the last. A model beside it
    says what is expected: units aside, and the status.
    """
    service, names = harness.service, {c: harness.unique("commande") for c in "AB"}
    todo = {"A": list(requests), "B": list(others)}
    states = dict.fromkeys("AB", "")
    before, told = _stock(harness), []
    for who in turns or "A" * len(requests):
        verb = todo[who].pop(0)
        path = f"/reservations/{names[who]}"
        answer = service.put(path, BODY) if verb == RESERVE else service.delete(path)
        told.append(f"{SAID[verb]} {who}" if others else SAID[verb])
        states[who] = "gone" if verb == RELEASE else states[who] or "held"
        _expect_status(answer, verb, states[who], told)
        held = sum(state == "held" for state in states.values())
        if not others or not any(todo.values()):
            _expect_books(before, _stock(harness), held, told)


def _play_many(harness: Harness) -> None:
    """Cancel many orders, then send what was late for each: the oldest is still cancelled."""
    before, told = _stock(harness), [f"{SAID[RELEASE]} {MANY} commandes", SAID[RESERVE]]
    paths = [f"/reservations/{harness.unique('commande')}" for _ in range(MANY)]
    for path in paths:
        _expect_status(harness.service.delete(path), RELEASE, "gone", told[:1])
    for path in paths:
        _expect_status(harness.service.put(path, BODY), RESERVE, "gone", told)
    _expect_books(before, _stock(harness), 0, told)


def _stock(harness: Harness) -> dict[str, int]:
    answer = harness.service.get("/stock")
    expect(
        answer.status_code == HTTPStatus.OK,
        seen=f"GET /stock répond {answer.status_code}.",
        expected="200, avec left et aside",
        http=answer,
    )
    stock = plain(_json(answer), "La réponse à GET /stock")
    expect(
        isinstance(stock, dict) and all(type(stock.get(k)) is int for k in ("left", "aside")),
        seen=f"GET /stock répond {stock!r}.",
        expected='{"left": …, "aside": …}, deux nombres entiers',
        http=answer,
    )
    return stock


def _json(answer: Response) -> object:
    try:
        return answer.json()
    except ValueError:
        return answer.text


def _expect_status(answer: Response, verb: str, state: str, told: Sequence[str]) -> None:
    if verb == RESERVE and state == "gone":
        good, expected = answer.status_code == HTTPStatus.GONE, "410 : la commande est annulée"
        meaning = "orders croirait qu’une lampe attend une commande annulée."
    else:
        good, expected = answer.ok, "un statut 2xx"
        meaning = "orders recommencerait sans fin une demande déjà faite."
    expect(
        good,
        seen=f"Après {_chain(told)}, la dernière demande répond {answer.status_code}.",
        expected=expected,
        meaning=meaning,
        http=answer,
    )


def _expect_books(
    before: dict[str, int], after: dict[str, int], held: int, told: Sequence[str]
) -> None:
    aside, left = (after.get(k, 0) - before.get(k, 0) for k in ("aside", "left"))
    expect(
        (aside, left) == (held, -held),
        seen=f"Après {_chain(told)}, {aside:+d} lampe(s) de côté et {left:+d} en rayon.",
        expected=f"{held:+d} de côté, {-held:+d} en rayon",
        meaning="Des lampes resteraient de côté pour toujours, sans acheteur."
        if aside > held
        else "Le rayon compterait des lampes qui n’existent pas, ou perdrait celles qu’il a.",
    )


def _chain(told: Sequence[str]) -> str:
    return f"« {', '.join(told)} »"
