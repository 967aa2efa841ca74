"""ch12.versions: one reader for every version of an event that may still be in a queue."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from itertools import combinations, product
from typing import Any

from course.ch12.experiments import UnknownVersion
from workbook.checks import Exercise, Harness, expect, plain
from workbook.checks.outcome import Finding, Incorrect

exercise = Exercise(
    "ch12.versions",
    title="Lire hier et aujourd’hui",
    asks="read_sale",
    hints=(
        "Deux temps : traduire l’événement dans la forme d’aujourd’hui, puis la lire. Qu’est-ce "
        "qui dit sa version ?",
        '`event.get("version", 1)`. Ne devinez pas la version d’après les champs présents : une '
        "version 2 peut encore porter `total_cents`, pour les lecteurs d’hier.",
        '`match event.get("version", 1)`, avec `case 1`, `case 2`, et '
        "`case other: raise UnknownVersion(other)`.",
    ),
)

AMOUNTS = (0, 1, 3990, 10**9)
CURRENCIES = ("EUR", "USD", "JPY")
MORE = {
    "note": "cadeau",
    "items": [{"sku": "LAMP", "total_cents": 5}],
    "currency": "CHF",
    "amount_cents": 7,
}
UNKNOWN = (3, 0, 99, -1, "2", "trois")
WRONG_BOOKS = "La comptabilité de la journée serait fausse, sans une erreur."


@exercise.step("Elle lit une vente d’aujourd’hui", points=1)
def reads_the_second(harness: Harness, read_sale: Callable) -> None:
    for order, amount, currency in product(("A7", "B12"), AMOUNTS, CURRENCIES):
        data = {"order_id": order, "total": {"amount_cents": amount, "currency": currency}}
        for event in _dressed({"type": "ORDER_CONFIRMED", "version": 2, "data": data}):
            _expect_read(read_sale, event, order, amount, currency)


@exercise.step("Elle lit une vente d’hier", points=2)
def reads_the_first(harness: Harness, read_sale: Callable) -> None:
    for order, amount in product(("A7", "B12"), AMOUNTS):
        data = {"order_id": order, "total_cents": amount}
        for said in ({}, {"version": 1}):
            for more in ({}, {"total": {"amount_cents": 7, "currency": "USD"}}):
                event = {"type": "ORDER_CONFIRMED", **said, "data": {**data, **more}}
                for dressed in _dressed(event):
                    _expect_read(read_sale, dressed, order, amount, "EUR")


@exercise.step("Pendant le passage, la version décide", points=1, after=reads_the_second)
def trusts_the_version(harness: Harness, read_sale: Callable) -> None:
    for amount, currency, old in product(AMOUNTS, CURRENCIES, (0, 1, 3675)):
        total = {"amount_cents": amount, "currency": currency}
        data = {"order_id": "A7", "total_cents": old, "total": total}
        for pairs in (data, dict(reversed(data.items()))):
            event = {"type": "ORDER_CONFIRMED", "version": 2, "data": pairs}
            _expect_read(read_sale, event, "A7", amount, currency)


@exercise.step("Une version inconnue est mise de côté", points=2)
def refuses_the_unknown(harness: Harness, read_sale: Callable) -> None:
    data = {"order_id": "A7", "total_cents": 1, "total": {"amount_cents": 1, "currency": "EUR"}}
    _expect_refused(read_sale, {"data": data})


def _expect_refused(read_sale: Callable, shape: dict[str, Any]) -> None:
    """Events of this shape, in every version that does not exist."""
    for version in UNKNOWN:
        event = {"type": "ORDER_CONFIRMED", "version": version, **shape}
        try:
            got = read_sale(copy.deepcopy(event))
        except UnknownVersion:
            continue
        except Exception as error:
            if isinstance(error, NotImplementedError):
                raise
            got = f"une exception {type(error).__name__}"
        expect(
            False,
            seen=f"Un événement de version {version!r}, {event} : vous rendez {got}.",
            expected="l’exception UnknownVersion",
            meaning="On compterait des ventes que l’on ne sait pas lire ; mises de côté, elles "
            "seraient relues par le prochain lecteur.",
        )


@exercise.step("Elle rend ce qu’on attend, et rien d’autre", points=1, after=reads_the_second)
def returns_no_more(harness: Harness, read_sale: Callable) -> None:
    total = {"amount_cents": 3990, "currency": "USD", "rounded": True, "order_id": "Z9"}
    event = {"version": 2, "data": {"order_id": "A7", "total": total}}
    _expect_read(read_sale, event, "A7", 3990, "USD")
    _expect_apart(read_sale)


@exercise.step(
    "Une version inconnue peut être faite autrement", points=1, after=refuses_the_unknown
)
def refuses_other_shapes(harness: Harness, read_sale: Callable) -> None:
    for shape in ({"data": {}}, {"body": {"order_id": "A7"}}, {}):
        _expect_refused(read_sale, shape)


def _expect_apart(read_sale: Callable) -> None:
    """A sale that was read stays what it was."""
    events = [
        {"version": 1, "data": {"order_id": order, "total_cents": amount}}
        for order, amount in (("A7", 100), ("B12", 200))
    ]
    first = read_sale(events[0])
    before = copy.deepcopy(first)
    read_sale(events[1])
    expect(
        first == before,
        seen=f"Une vente lue, {before}, est devenue {first} à la lecture de la suivante.",
        expected="un dictionnaire neuf à chaque lecture",
        meaning=WRONG_BOOKS,
    )


def _expect_read(
    read_sale: Callable, event: dict[str, Any], order: str, amount: int, currency: str
) -> None:
    given = copy.deepcopy(event)
    try:
        got = plain(read_sale(given))
    except UnknownVersion as error:
        raise Incorrect(
            Finding(
                seen=f"{event} : UnknownVersion.",
                expected="une vente lue : cette version est connue",
                meaning="Toutes les ventes de la journée resteraient de côté.",
            )
        ) from error
    wanted = {"order_id": order, "amount_cents": amount, "currency": currency}
    expect(
        got == wanted and type(got.get("amount_cents")) is int,
        seen=f"{event} : vous rendez {got}.",
        expected=str(wanted),
        meaning=WRONG_BOOKS,
    )
    expect(
        given == event,
        seen=f"L’événement a changé : {given}.",
        expected=f"{event}, tel qu’il était",
        meaning="Remis dans la file, il ne serait plus celui qui a été publié.",
    )


def _dressed(event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The event, alone and with what readers do not know around it and inside."""
    yield event
    for size in range(1, len(MORE) + 1):
        for names in combinations(MORE, size):
            added = {name: MORE[name] for name in names}
            yield {**event, **added}
            yield {**event, "data": {**event["data"], **added}}
