"""Step 3: refuse what is no product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.checks import Exercise, NotAttempted, expect
from workbook.exercises.lab2.bench import (
    created,
    draw,
    expect_absent,
    expect_refused,
    expect_stored,
)

if TYPE_CHECKING:
    from workbook.checks.lab import Lab


validation = Exercise(
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

WRONG = (
    ("name", "un nom absent", lambda p: p.pop("name")),
    ("name", "un nom vide", lambda p: p.update(name="")),
    ("name", "un nom qui est un nombre", lambda p: p.update(name=12)),
    ("sku", "un SKU absent", lambda p: p.pop("sku")),
    ("price_cents", "un prix absent", lambda p: p.pop("price_cents")),
    ("price_cents", "un prix négatif", lambda p: p.update(price_cents=-1)),
    ("price_cents", "un prix écrit en texte", lambda p: p.update(price_cents="3990")),
    ("price_cents", "un prix à virgule", lambda p: p.update(price_cents=39.9)),
    ("price_cents", "un prix qui vaut « vrai »", lambda p: p.update(price_cents=True)),
    ("price_cents", "un prix nul (null)", lambda p: p.update(price_cents=None)),
)


@validation.step("Un article juste passe, même gratuit, même accentué", points=1)
def accepts_valid(lab: Lab) -> None:
    for change in ({"price_cents": 0}, {"name": "Théière émaillée, 75 cl"}):
        product = {**draw(lab), **change}
        response = lab.service.post("/products", product)
        if response.status_code in {404, 405}:
            raise NotAttempted("POST /products n’existe pas encore.")
        expect(
            response.status_code == 201,
            seen=f"POST /products répond {response.status_code} pour {change}.",
            expected="201 Created",
            meaning="Un article parfaitement vendable serait refusé.",
        )
        expect_stored(lab.service, product)


@validation.step("POST refuse chaque faute", points=2, after=accepts_valid)
def post_refuses(lab: Lab) -> None:
    for _, what, spoil in WRONG:
        product = draw(lab)
        sku = product["sku"]
        spoil(product)
        expect_refused(lab.service.post("/products", product), f"POST avec {what}")
        expect_absent(lab.service, sku, what)


@validation.step("PUT refuse les mêmes", points=1, after=accepts_valid)
def put_refuses(lab: Lab) -> None:
    product = created(lab)
    for field, what, spoil in WRONG:
        if field == "sku":
            continue
        spoiled = {**draw(lab), "sku": product["sku"]}
        spoil(spoiled)
        path = f"/products/{product['sku']}"
        expect_refused(lab.service.put(path, spoiled), f"PUT avec {what}")
    expect_stored(lab.service, product)


@validation.step(
    "Ce qui n’est pas un objet JSON est refusé sans tomber", points=1, after=accepts_valid
)
def refuses_other_bodies(lab: Lab) -> None:
    for what, options in (
        ("une liste", {"json": ["LAMP"]}),
        ("un texte", {"json": "LAMP"}),
        ("null", {"data": "null", "headers": {"Content-Type": "application/json"}}),
        ("du JSON tronqué", {"data": '{"sku":', "headers": {"Content-Type": "application/json"}}),
        ("un formulaire", {"data": {"sku": "LAMP"}}),
    ):
        expect_refused(lab.service.request("POST", "/products", **options), f"POST avec {what}")


@validation.step("Le refus nomme le champ fautif", points=1, after=post_refuses)
def refusal_names_the_field(lab: Lab) -> None:
    for field, what, spoil in (WRONG[1], WRONG[5]):
        product = draw(lab)
        spoil(product)
        response = lab.service.post("/products", product)
        expect(
            "json" in response.headers.get("Content-Type", "") and field in response.text,
            seen=f"Pour {what}, le refus ne dit pas que c’est « {field} » : {response.text[:160]}",
            expected=f"un corps JSON où « {field} » apparaît",
            meaning="Le formulaire du vendeur ne saurait pas quel champ souligner.",
        )
