"""Step 1: a service that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from course.lab2.readings import absent, bare, body_of, expect_product, is_product, listed
from workbook.checks import Exercise, expect

if TYPE_CHECKING:
    from workbook.checks.harness import Harness, LearnerService


exercise = Exercise(
    "lab2.service",
    title="Un service « Products » qui répond",
    service="products",
    hints=(
        "Flask traduit en JSON le dictionnaire qu’une vue rend. La liste est dans "
        "`catalogue.values()`.",
        "`catalogue.get(sku)` rend `None` pour un article absent : c’est le moment de dire "
        "`abort(404, …)`.",
    ),
)

GIVEN = (
    {"sku": "LAMP", "name": "Lampe de bureau", "price_cents": 3990},
    {"sku": "MUG", "name": "Tasse", "price_cents": 990},
)
NEARLY = ("LAM", "AMP", "LAMPE", "lamp", "L", "%", "L_MP", "LA*", "0")


@exercise.step("Le catalogue se lit en JSON", points=1)
def lists(harness: Harness) -> None:
    for _ in range(2):  # a first answer may have used up what the second one needs
        products = listed(harness.service)
        expect(
            bool(products),
            seen="GET /products répond un catalogue vide.",
            expected="tous les articles, à chaque fois",
            meaning="La vitrine de la boutique n’aurait rien à montrer.",
        )
        for product in products:
            expect_product(product)
        for given in GIVEN:
            _expect_in(products, given)


def _expect_in(products: list[dict], given: dict) -> None:
    same = [bare(product) for product in products if product["sku"] == given["sku"]]
    expect(
        same == [given],
        seen=f"GET /products dit, de {given['sku']} : {same or 'rien'}.",
        expected=f"une fois, l’article du catalogue donné : {given}",
        meaning="Le client ne verrait pas l’article, ou pas son prix.",
    )


@exercise.step("Chaque article a son adresse", points=1, after=lists)
def shows_each(harness: Harness) -> None:
    for _ in range(2):
        for product in listed(harness.service):
            _expect_shown(harness.service, product)


def _expect_shown(learner: LearnerService, product: dict) -> None:
    path = f"/products/{quote(product['sku'])}"
    response = learner.get(path)
    body = body_of(response) if response.status_code == 200 else None
    expect(
        is_product(body) and bare(body) == bare(product),
        seen=f"GET {path} ne rend pas l’article que la liste annonce : "
        f"{response.status_code} {response.text[:160]}",
        expected=f"200 et {bare(product)}",
        meaning="La fiche qu’ouvre le client ne serait pas l’article sur lequel il a cliqué.",
    )


@exercise.step("Un article inconnu est dit inconnu", points=1, after=lists)
def refuses_unknown(harness: Harness) -> None:
    known = {product["sku"] for product in listed(harness.service)}
    for sku in (harness.unique("INCONNU").upper(), *NEARLY):
        if sku not in known:
            absent(harness.service, quote(sku))
