"""What the four exercises look at a catalogue with: draws, readings, expectations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.checks import expect

if TYPE_CHECKING:
    from workbook.checks.lab import Lab, LearnerService
    from workbook.client import Response


REFUSED = {400, 415, 422}
FIELDS = ("sku", "name", "price_cents")


def listed(learner: LearnerService) -> list[dict]:
    """Return the catalogue, whether the service wraps the list in an object or not."""
    response = learner.get("/products")
    expect(
        response.ok,
        seen=f"GET /products répond {response.status_code}.",
        expected="200 OK",
        meaning="Le catalogue de la boutique ne s’afficherait pas.",
    )
    body = body_of(response)
    if isinstance(body, dict):
        body = next((value for value in body.values() if isinstance(value, list)), None)
    expect(
        isinstance(body, list),
        seen=f"GET /products répond {response.text[:160]}",
        expected='une liste d’articles, seule ou dans un objet : {"products": […]}',
        meaning="Qui appelle ne trouverait pas les articles dans la réponse.",
    )
    return body


def body_of(response: Response) -> object:
    """Return the JSON body, or refuse a body that is not JSON."""
    is_json = "json" in response.headers.get("Content-Type", "")
    expect(
        is_json,
        seen=f"La réponse est de type « {response.headers.get('Content-Type', 'inconnu')} ».",
        expected="application/json",
        meaning="Un programme ne saurait pas lire cette réponse : elle est faite pour des yeux.",
    )
    return response.json()


def draw(lab: Lab) -> dict:
    """A product nobody has."""
    return {
        "sku": lab.unique("ART").upper(),
        "name": lab.random.choice(("Horloge", "Coussin", "Théière", "Plaid", "Miroir")),
        "price_cents": lab.random.randrange(100, 50_000),
    }


def created(lab: Lab, **more: object) -> dict:
    product = {**draw(lab), **more}
    response = lab.service.post("/products", product)
    expect(
        response.ok,
        seen=f"POST /products répond {response.status_code} pour un article juste.",
        expected="201 Created",
        meaning="On ne pourrait plus rien ajouter au catalogue.",
    )
    return product


def bare(product: dict) -> dict:
    return {field: product.get(field) for field in FIELDS}


def expect_product(product: object) -> None:
    fine = isinstance(product, dict) and all(field in product for field in FIELDS)
    expect(
        fine and type(product["price_cents"]) is int,
        seen=f"Un article du catalogue s’écrit {product!r}.",
        expected="un objet avec « sku », « name » et « price_cents », un entier",
        meaning="La caisse ne saurait pas quel prix prendre.",
    )


def expect_stored(learner: LearnerService, product: dict) -> None:
    response = learner.get(f"/products/{product['sku']}")
    expect(
        response.ok and bare(body_of(response)) == bare(product),
        seen=f"GET /products/{product['sku']} répond {response.status_code} {response.text[:160]}",
        expected=f"200 et {bare(product)}",
        meaning="Ce que le vendeur a enregistré ne serait pas ce que le client voit.",
    )


def expect_once(learner: LearnerService, sku: str) -> None:
    count = sum(product.get("sku") == sku for product in listed(learner))
    expect(
        count == 1,
        seen=f"{sku} apparaît {count} fois dans la liste.",
        expected="une fois",
        meaning="Le même article s’afficherait en double, à deux prix.",
    )


def expect_refused(response: Response, what: str) -> None:
    expect(
        response.status_code in REFUSED,
        seen=f"{what} : le service répond {response.status_code}.",
        expected="422 Unprocessable Content, ou 400 Bad Request",
        meaning="Un article impossible entrerait au catalogue, ou la faute du client passerait "
        "pour une panne.",
    )


def expect_absent(learner: LearnerService, sku: str, what: str) -> None:
    present = any(isinstance(p, dict) and p.get("sku") == sku for p in listed(learner))
    expect(
        not present,
        seen=f"Refusé pour {what}, l’article est pourtant au catalogue.",
        expected="un catalogue inchangé",
        meaning="Le vendeur lit une erreur, corrige, recommence : l’article y serait deux fois.",
    )
