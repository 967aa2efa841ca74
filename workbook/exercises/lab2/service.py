"""Step 1: a service that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.checks import Exercise, expect
from workbook.exercises.lab2.bench import body_of, expect_product, listed

if TYPE_CHECKING:
    from workbook.checks.lab import Lab


service = Exercise(
    "lab2.service",
    title="Un service « Products » qui répond",
    service="products",
    hints=(
        "Flask traduit en JSON le dictionnaire qu’une vue rend. La liste est dans "
        "`catalogue.values()`.",
        "`catalogue.get(sku)` rend `None` pour un article absent : c’est le moment de dire "
        "`abort(404, …)`.",
    ),
)


@service.step("Le catalogue se lit en JSON", points=1)
def lists(lab: Lab) -> None:
    products = listed(lab.service)
    expect(
        bool(products),
        seen="GET /products répond un catalogue vide.",
        expected="au moins un article",
        meaning="La vitrine de la boutique n’aurait rien à montrer.",
    )
    for product in products:
        expect_product(product)


@service.step("Chaque article a son adresse", points=1, after=lists)
def shows_each(lab: Lab) -> None:
    for product in listed(lab.service):
        response = lab.service.get(f"/products/{product['sku']}")
        expect(
            response.ok and body_of(response) == product,
            seen=f"GET /products/{product['sku']} ne rend pas l’article que la liste annonce.",
            expected=f"200 et {product}",
            meaning="La fiche qu’ouvre le client ne serait pas l’article sur lequel il a cliqué.",
        )


@service.step("Un article inconnu est dit inconnu", points=1, after=lists)
def refuses_unknown(lab: Lab) -> None:
    sku = lab.unique("INCONNU").upper()
    response = lab.service.get(f"/products/{sku}")
    expect(
        response.status_code == 404,
        seen=f"GET /products/{sku} répond {response.status_code}.",
        expected="404 Not Found",
        meaning="Qui appelle votre service croirait que l’article existe, ou que vous êtes en "
        "panne.",
    )
