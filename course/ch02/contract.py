"""ch02.contract: what the till needs of products, no more and no less."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

from workbook.checks import Exercise, Harness, expect

exercise = Exercise(
    "ch02.contract",
    title="Le contrat de la caisse",
    asks="keeps_promise",
    hints=(
        "Ne comparez pas toute la réponse : de quels champs la caisse se sert-elle ? Que lui "
        "faut-il exactement dans chacun ?",
        "Commencez par ce qui ferait planter la suite : le statut, puis `isinstance(body, dict)`. "
        '`body.get("name")` rend `None` si le champ manque : ce n’est pas un texte.',
        "En Python, `isinstance(True, int)` est vrai : `type(price) is int` est plus sévère. Et "
        "`price >= 0`, car zéro est un prix.",
    ),
)

PRODUCT = {
    "sku": "LAMP",
    "name": "Lampe de bureau",
    "price_cents": 3990,
    "description": "Éclaire.",
    "tags": ["maison"],
}
UNUSED = ("sku", "description", "tags")
MORE = {
    "currency": "EUR",
    "warranty_months": None,
    "dimensions": {"height": 40, "name": 7},
    "price": "39,90 €",
}
# What may stand in a field, and what may not.
GOOD = {"name": ("Lampe de bureau", "L", "灯", "7"), "price_cents": (3990, 0, 1, 10**9)}
BAD = {
    "name": (None, "", 7, True, ["Lampe"], {"fr": "Lampe"}),
    "price_cents": (None, "3990", "", 39.9, True, False, -1, [3990], {"amount": 3990}),
}
NAMES = {
    "name": ("title", "Name", "nom"),
    "price_cents": ("unit_price_cents", "price", "Price_cents"),
}
NO_OBJECT = (None, [], [PRODUCT], "LAMP", 3990, True, {}, {"data": PRODUCT}, {"product": PRODUCT})
OTHER_STATUSES = (201, 202, 204, 301, 400, 404, 409, 422, 500, 503)
A_BLOCKED_TEAM = "L’équipe de products ne pourrait plus rien changer sans demander à la caisse."
A_DEAD_TILL = "Les tests seraient verts, et la caisse mourrait devant un client."


@exercise.step("Elle accepte ce qui ne dérange pas la caisse", points=2)
def accepts_the_harmless(harness: Harness, keeps_promise: Callable) -> None:
    for what, body in _harmless():
        got = keeps_promise(200, _copy(body))
        expect(
            got is True,
            seen=f"{what} : 200 et {body} ; vous rendez {got!r}.",
            expected="True : la caisse a tout ce qu’il lui faut",
            meaning=A_BLOCKED_TEAM,
        )


@exercise.step("Elle refuse ce qui tuerait la caisse", points=2, after=accepts_the_harmless)
def refuses_the_harmful(harness: Harness, keeps_promise: Callable) -> None:
    for what, body in _harmful():
        _expect_refused(keeps_promise, 200, body, what)


@exercise.step("Elle lit aussi le statut", points=1, after=accepts_the_harmless)
def reads_the_status(harness: Harness, keeps_promise: Callable) -> None:
    for status in OTHER_STATUSES:
        _expect_refused(keeps_promise, status, PRODUCT, f"Un statut {status}")


@exercise.step("Quoi qu’elle reçoive, elle répond", points=1, after=accepts_the_harmless)
def survives_anything(harness: Harness, keeps_promise: Callable) -> None:
    for body in NO_OBJECT:
        for status in (200, 404, 500):
            _expect_refused(keeps_promise, status, body, "Autre chose qu’un article")


def _expect_refused(keeps_promise: Callable, status: int, body: Any, what: str) -> None:
    got = keeps_promise(status, _copy(body))
    expect(
        got is False,
        seen=f"{what} : {status} et {body} ; vous rendez {got!r}.",
        expected="False : la caisse ne peut rien en faire",
        meaning=A_DEAD_TILL,
    )


def _harmless() -> Iterator[tuple[str, dict]]:
    """Every product that the till can read, and what changed in it."""
    yield "L’article d’aujourd’hui", PRODUCT
    for body in _around(PRODUCT):
        yield "Des champs de plus ou de moins, ou dans un autre ordre", body
    for name in GOOD["name"]:
        for price in GOOD["price_cents"]:
            yield "Un autre article", {**PRODUCT, "name": name, "price_cents": price}
    for field in UNUSED:
        yield f"{field}, dont la caisse ne se sert pas, vaut null", {**PRODUCT, field: None}


def _harmful() -> Iterator[tuple[str, dict]]:
    """Every product that the till cannot read, whatever stands beside the fault."""
    for field in ("name", "price_cents"):
        for other in NAMES[field]:
            renamed = {other if key == field else key: value for key, value in PRODUCT.items()}
            yield from _everywhere(f"{field} renommé {other}", renamed)
        missing = {key: value for key, value in PRODUCT.items() if key != field}
        yield from _everywhere(f"{field} manque", missing)
        for value in BAD[field]:
            yield from _everywhere(f"{field} vaut {value!r}", {**PRODUCT, field: value})


def _everywhere(what: str, body: dict) -> Iterator[tuple[str, dict]]:
    yield what, body
    for around in _around(body):
        yield what, around


def _around(body: dict) -> Iterator[dict]:
    """The same with fields more, with fields less, and backwards."""
    yield dict(reversed(body.items()))
    for size in range(1, len(MORE) + 1):
        for names in combinations(MORE, size):
            added = {name: MORE[name] for name in names if name not in body}
            yield {**body, **added}
    for size in range(1, len(UNUSED) + 1):
        for names in combinations(UNUSED, size):
            yield {key: value for key, value in body.items() if key not in names}


def _copy(body: Any) -> Any:
    """An answer may change what it is given."""
    return copy.deepcopy(body)
