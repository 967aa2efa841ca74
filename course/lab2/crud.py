"""Step 2: create, read, replace, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.lab2.readings import (
    absent,
    body_of,
    conflict,
    draw,
    expect_listed,
    expect_stored,
    post,
    put,
    remove,
    tidy,
)
from workbook.checks import Exercise, expect

if TYPE_CHECKING:
    from workbook.checks.harness import Harness


exercise = Exercise(
    "lab2.crud",
    title="Créer, lire, remplacer, supprimer",
    service="products",
    hints=(
        "Le corps de la requête se lit par `request.get_json()`. Une vue peut rendre un couple : "
        "`return produit, 201`.",
        "PUT **remplace** : ce que le corps ne dit plus disparaît. POST **ajoute** : si le SKU "
        "est pris, `abort(409, …)`.",
        "`catalogue.pop(sku, None)` supprime sans se plaindre d’une absence : refaire DELETE "
        "n’est pas une erreur du client.",
    ),
)

DESCRIPTION = "Une description qui doit disparaître."
# A sequence of De Bruijn: every three of A(dd), R(eplace), D(elete) in a row, each once.
EVERY_THREE = "AAARAADARRARDADRADDRRRDRDDDAA"


@exercise.step("Ce qui est créé peut être lu", points=1)
def creates(harness: Harness) -> None:
    tidy(harness)
    product = draw(harness)
    post(harness.service, product)
    expect_stored(harness.service, product)
    expect_listed(harness.service, {product["sku"]: product}, [product["sku"]])


@exercise.step("Un SKU déjà pris est refusé", points=1, after=creates)
def refuses_duplicates(harness: Harness) -> None:
    product = draw(harness)
    post(harness.service, product)
    for same_sku in ({**product, "name": "Un autre", "price_cents": 1}, product):
        conflict(harness.service, same_sku)
        expect_stored(harness.service, product)


@exercise.step("PUT remplace tout, et se répète sans dommage", points=1, after=creates)
def replaces(harness: Harness) -> None:
    product = draw(harness)
    put(harness.service, product, new=True)
    expect_stored(harness.service, product)
    replacement = draw(harness, sku=product["sku"], name="Un autre nom")
    for _ in range(2):
        put(harness.service, replacement, new=False)
        expect_stored(harness.service, replacement)
    expect_listed(harness.service, {product["sku"]: replacement}, [product["sku"]])
    _forgets_a_field(harness)


def _forgets_a_field(harness: Harness) -> None:
    """A service may keep a fourth field, ignore it, or refuse it; never bring it back."""
    product = draw(harness, description=DESCRIPTION)
    if harness.service.post("/products", product).status_code != 201:
        return
    product.pop("description")
    put(harness.service, product, new=False)
    kept = body_of(harness.service.get(f"/products/{product['sku']}"))
    expect(
        DESCRIPTION not in str(kept),
        seen="La description, absente du nouveau corps, est restée.",
        expected="un remplacement complet (RFC 9110, § 9.3.4)",
        meaning="Un texte retiré de la fiche continuerait d’être affiché.",
    )


@exercise.step("DELETE supprime, et se répète sans dommage", points=1, after=creates)
def deletes(harness: Harness) -> None:
    product = draw(harness)
    sku = product["sku"]
    post(harness.service, product)
    remove(harness.service, sku, present=True)
    absent(harness.service, sku, "Après DELETE, ")
    remove(harness.service, sku, present=False)
    expect_listed(harness.service, {}, [sku])
    post(harness.service, product)
    expect_stored(harness.service, product)


@exercise.step(
    "Toute suite d’opérations tombe juste, même au hasard", points=2, after=(replaces, deletes)
)
def agrees_with_a_dictionary(harness: Harness) -> None:
    first = harness.unique("ESSAI-SERIE").upper()
    skus = [f"{first}{suffix}" for suffix in ("", "1", "12", "2", "21")]
    model: dict[str, dict] = {}
    for neighbour in skus[1:3]:
        _play(harness, "A", neighbour, model)
    for operation in EVERY_THREE:
        _play(harness, operation, first, model)
        expect_listed(harness.service, model, skus)
    for number in range(40):
        _play(harness, harness.random.choice("ARDG"), harness.random.choice(skus), model)
        if number % 5 == 4:
            expect_listed(harness.service, model, skus)


def _play(harness: Harness, operation: str, sku: str, model: dict[str, dict]) -> None:
    """One request, played on the service and on a dictionary alike."""
    learner, product = harness.service, draw(harness, sku=sku)
    match operation:
        case "A" if sku in model:
            conflict(learner, product)
        case "A":
            post(learner, product)
            model[sku] = product
        case "R":
            put(learner, product, new=sku not in model)
            model[sku] = product
        case "D":
            remove(learner, sku, present=model.pop(sku, None) is not None)
    if sku in model:
        expect_stored(learner, model[sku])
    else:
        absent(learner, sku)
