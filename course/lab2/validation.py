"""Step 3: refuse what is no product."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from course.lab2.readings import (
    FIELDS,
    NOT_JSON,
    UNREADABLE,
    WRONG,
    absent,
    body_of,
    conflict,
    contents,
    draw,
    expect_refused,
    expect_stored,
    post,
    put,
    remove,
    send,
    tidy,
)
from workbook.checks import Exercise, expect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook.checks.harness import Harness
    from workbook.shop.client import Response


exercise = Exercise(
    "lab2.validation",
    title="Refuser ce qui n’est pas un article",
    service="products",
    hints=(
        "Validez **avant** d’enregistrer, et au même endroit pour POST et PUT. "
        "`request.get_json(silent=True)` rend `None` quand le corps n’est pas du JSON.",
        "En Python, `True` est un entier : `isinstance(True, int)` est vrai. "
        "`type(prix) is int` le refuse.",
        "Un `dict` des fautes, `{champ: raison}`, se rend avec 422 ; ou laissez faire pydantic : "
        "`price_cents: int = Field(ge=0, strict=True)`.",
    ),
)

OTHER_BODIES = (
    ("une liste", {"json": ["LAMP"]}),
    ("une liste vide", {"json": []}),
    ("un texte", {"json": "LAMP"}),
    ("un nombre", {"json": 12}),
    ("null", {"data": "null", "headers": {"Content-Type": "application/json"}}),
    ("du JSON tronqué", {"data": '{"sku":', "headers": {"Content-Type": "application/json"}}),
    ("un corps vide", {"data": "", "headers": {"Content-Type": "application/json"}}),
    ("un formulaire", {"data": {"sku": "LAMP"}}),
)
VALID = (
    {"price_cents": 0},
    {"name": "Théière émaillée, 75 cl"},
    {"name": "É", "price_cents": 1_000_000},
)
SPOILT = {"name": "", "sku": "", "price_cents": -1}


@exercise.step("Un article juste passe, même gratuit, même accentué", points=1)
def accepts_valid(harness: Harness) -> None:
    tidy(harness)
    for change in VALID:
        product = draw(harness, **change)
        post(harness.service, product)
        expect_stored(harness.service, product)
        conflict(harness.service, product)
        replacement = draw(harness, sku=product["sku"], **change)
        put(harness.service, replacement, new=False)
        expect_stored(harness.service, replacement)
        put(harness.service, draw(harness, **change), new=True)
        remove(harness.service, product["sku"], present=True)
        absent(harness.service, product["sku"], "Après DELETE, ")


@exercise.step("POST refuse chaque faute", points=2, after=accepts_valid)
def post_refuses(harness: Harness) -> None:
    before = contents(harness.service)
    for what, spoilt in _spoilt(harness):
        response = send(harness.service, "POST", "/products", spoilt)
        expect_refused(response, f"POST avec {what}")
        _expect_unchanged(harness, before, f"POST avec {what}")


@exercise.step("PUT refuse les mêmes", points=1, after=accepts_valid)
def put_refuses(harness: Harness) -> None:
    product = draw(harness)
    post(harness.service, product)
    before = contents(harness.service)
    for what, spoilt in _spoilt(harness, sku=product["sku"]):
        _expect_put_refused(harness, before, product["sku"], spoilt, f"PUT avec {what}")
    for field, value in SPOILT.items():
        new = draw(harness)
        what = f"PUT d’un nouvel article avec « {field} » faux"
        _expect_put_refused(harness, before, new["sku"], new | {field: value}, what)


def _expect_put_refused(
    harness: Harness, before: list[str], sku: str, spoilt: dict, what: str
) -> None:
    response = send(harness.service, "PUT", f"/products/{sku}", spoilt)
    expect_refused(response, what)
    _expect_unchanged(harness, before, what)


def _spoilt(harness: Harness, **known: object) -> Iterable[tuple[str, dict]]:
    for _, what, spoil in (*WRONG, *NOT_JSON):
        product = draw(harness, **known)
        spoil(product)
        yield what, product


def _expect_unchanged(harness: Harness, before: list[str], what: str) -> None:
    after = contents(harness.service)
    added = [product for product in after if product not in before]
    lost = [product for product in before if product not in after]
    expect(
        after == before,
        seen=f"{what} : refusé, {_difference(added, lost)}",
        expected="un catalogue inchangé",
        meaning="Le vendeur lit une erreur, corrige, recommence : sa fiche a déjà changé.",
    )


def _difference(added: list[str], lost: list[str]) -> str:
    if added:
        return f"l’article est pourtant au catalogue : {added[0]}"
    return f"l’article a pourtant disparu du catalogue : {lost[0]}" if lost else "et en double."


@exercise.step(
    "Ce qui n’est pas un objet JSON est refusé sans tomber", points=1, after=accepts_valid
)
def refuses_other_bodies(harness: Harness) -> None:
    product = draw(harness)
    post(harness.service, product)
    before = contents(harness.service)
    for method, path in (("POST", "/products"), ("PUT", f"/products/{product['sku']}")):
        for what, options in OTHER_BODIES:
            response = harness.service.request(method, path, **options)
            why = ", ou 415 pour ce qui n’est pas du JSON"
            expect_refused(response, f"{method} avec {what}", UNREADABLE, why)
            _expect_unchanged(harness, before, f"{method} avec {what}")


@exercise.step("Le refus nomme le champ fautif", points=1, after=post_refuses)
def refusal_names_the_field(harness: Harness) -> None:
    for field, what, spoil in WRONG:
        product = draw(harness)
        spoil(product)
        _expect_named(send(harness.service, "POST", "/products", product), field, what)
    for field, value in SPOILT.items():
        path, product = f"/products/{draw(harness)['sku']}", draw(harness) | {field: value}
        _expect_named(
            send(harness.service, "PUT", path, product), field, f"un PUT, « {field} » faux"
        )
    _accuses_nobody_else(harness)


def _expect_named(response: Response, field: str, what: str) -> None:
    body_of(response)
    expect(
        field in response.text,
        seen=f"Pour {what}, le refus ne dit pas que c’est « {field} » : {response.text[:160]}",
        expected=f"un corps JSON où « {field} » apparaît",
        meaning="Le formulaire du vendeur ne saurait pas quel champ souligner.",
    )


def _accuses_nobody_else(harness: Harness) -> None:
    """A field is named more often where it is at fault; the same fault is told the same twice."""
    said = {field: _mentions(harness, field) for field in FIELDS}
    for field in FIELDS:
        others = [said[other][field] for other in FIELDS if other != field]
        again = _mentions(harness, field)
        expect(
            said[field][field] > max(others) and again == said[field],
            seen=f"Le refus nomme « {field} » aussi quand ce champ est juste, ou ne dit pas que "
            "c’est lui plutôt qu’un autre.",
            expected="le champ fautif, et lui seul",
            meaning="Le formulaire du vendeur soulignerait des champs bien remplis.",
        )


def _mentions(harness: Harness, field: str) -> dict[str, int]:
    """How often the refusal of a fault in `field` names each field."""
    product = draw(harness, name="Lampe", price_cents=4200) | {field: SPOILT[field]}
    text = send(harness.service, "POST", "/products", product).text
    return {other: len(re.findall(rf"(?<![a-z]){other}(?![a-z])", text)) for other in FIELDS}
