"""Step 4: an OpenAPI document that tells the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.checks import Exercise, expect
from workbook.exercises.lab2.bench import draw, listed
from workbook.exercises.lab2.document import (
    Document,
    find_document,
    find_page,
    is_foreign,
    resources,
    violation,
)

if TYPE_CHECKING:
    from workbook.checks.lab import Lab


openapi = Exercise(
    "lab2.openapi",
    title="Une documentation qui dit vrai",
    service="products",
    hints=(
        "`from flask_openapi3 import OpenAPI, Info` : `OpenAPI` est un Flask qui se documente. "
        "Le document est servi à `/openapi/openapi.json`, l’interface à `/openapi/swagger`.",
        "Une vue reçoit `body: Product` et `path: ProductPath`, deux modèles pydantic ; le nom "
        "du paramètre compte.",
        'Les réponses se déclarent aussi : `@app.post("/products", responses={201: Product})`. '
        "Un statut qui n’est pas déclaré n’est pas documenté.",
    ),
)


@openapi.step("Le service sert un document OpenAPI", points=1)
def serves_a_document(lab: Lab) -> None:
    listed(lab.service)  # an unwritten service documents nothing yet
    served_document(lab)


@openapi.step("Les cinq opérations y sont", points=1, after=serves_a_document)
def documents_every_operation(lab: Lab) -> None:
    document = served_document(lab)
    for method, path in (
        ("GET", "/products"),
        ("POST", "/products"),
        ("GET", "/products/LAMP"),
        ("PUT", "/products/LAMP"),
        ("DELETE", "/products/LAMP"),
    ):
        expect(
            document.find(method, path) is not None,
            seen=f"Le document ne dit rien de {method} {path.replace('LAMP', '<sku>')}.",
            expected="les cinq opérations du catalogue",
            meaning="L’équipe d’à côté ne saurait pas que cette route existe.",
        )


@openapi.step(
    "Ce que le document promet est ce que le service fait",
    points=2,
    after=documents_every_operation,
)
def tells_the_truth(lab: Lab) -> None:
    document, product = served_document(lab), draw(lab)
    path = f"/products/{product['sku']}"
    calls = (
        ("POST", "/products", product),
        ("GET", "/products", None),
        ("GET", path, None),
        ("PUT", path, {**product, "price_cents": 1}),
        ("DELETE", path, None),
    )
    for method, address, body in calls:
        response = lab.service.request(method, address, json=body)
        expect(
            response.ok,
            seen=f"{method} {address} répond {response.status_code}.",
            expected="une réussite : la documentation n’efface pas le service",
            meaning="La page est belle, mais la boutique est fermée.",
        )
        problem = document.problem(document.find(method, address), response)
        expect(
            problem is None,
            seen=f"{method} {address} contredit sa documentation : {problem}.",
            expected="une réponse conforme au document",
            meaning="Un client engendré d’après ce document échouerait le jour de la mise en "
            "service.",
        )


@openapi.step(
    "Le document refuse ce que le service refuse", points=1, after=documents_every_operation
)
def describes_the_rules(lab: Lab) -> None:
    document = served_document(lab)
    schema = document.request_schema(document.find("POST", "/products"))
    for what, product, valid in (
        ("un article juste", draw(lab), True),
        ("un prix négatif", {**draw(lab), "price_cents": -1}, False),
        ("un prix écrit en texte", {**draw(lab), "price_cents": "3990"}, False),
        ("un article sans nom", {"sku": "LAMP", "price_cents": 1}, False),
    ):
        problem = violation(schema, product) if schema else None
        expect(
            bool(schema) and (problem is None) is valid,
            seen=f"D’après le document, {what} serait {'accepté' if problem is None else 'refusé'}"
            f"{f' ({problem})' if problem else ''}.",
            expected="accepté" if valid else "refusé",
            meaning="Qui lit la documentation enverrait des requêtes vouées à l’échec.",
        )


@openapi.step("L’interface s’ouvre sans Internet", points=1, after=serves_a_document)
def page_works_offline(lab: Lab) -> None:
    page = find_page(lab.service)
    expect(
        page is not None,
        seen="Aucune page HTML à /openapi/swagger, /docs, /swagger ou /apidocs.",
        expected="une interface, Swagger UI par exemple",
        meaning="Le document existerait, mais personne ne le lirait.",
    )
    for address in resources(page):
        expect(
            not is_foreign(page, address),
            seen=f"La page charge {address}.",
            expected="des ressources servies par votre service",
            meaning="Dans un train, ou derrière un pare-feu, la page resterait blanche.",
        )
        found = lab.service.get(address.removeprefix(lab.service.url))
        expect(
            found.ok,
            seen=f"La page charge {address}, qui répond {found.status_code}.",
            expected="200 OK",
            meaning="La page s’ouvrirait vide.",
        )


def served_document(lab: Lab) -> Document:
    document = find_document(lab.service)
    expect(
        document is not None,
        seen="Aucun document à /openapi/openapi.json, /openapi.json ou /swagger.json.",
        expected="un document OpenAPI en JSON",
        meaning="L’équipe d’à côté devrait lire votre code pour vous appeler.",
    )
    return document
