"""Step 4: an OpenAPI document that tells the truth."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from course.lab2.document import Document, Operation
from course.lab2.page import Page, find_document, find_page
from course.lab2.readings import (
    NOT_JSON,
    WRONG,
    absent,
    conflict,
    draw,
    expect_listed,
    expect_refused,
    expect_stored,
    listed,
    post,
    put,
    remove,
    send,
    tidy,
)
from workbook.checks import Exercise, expect

if TYPE_CHECKING:
    from workbook.checks.harness import Harness, LearnerService
    from workbook.shop.client import Response


exercise = Exercise(
    "lab2.openapi",
    title="Une documentation qui dit vrai",
    service="products",
    hints=(
        "`from flask_openapi3 import OpenAPI, Info` : `OpenAPI` est un Flask qui se documente. "
        "Le document est servi à `/openapi/openapi.json`, l’interface à `/openapi/swagger`.",
        "Une vue reçoit `body: Product` et `path: ProductPath`, deux modèles pydantic ; le nom "
        "du paramètre compte. `Field(strict=True)` interdit à pydantic de convertir : sans lui, "
        '`"3990"` et `true` passent pour des entiers.',
        'Les réponses se déclarent aussi : `@app.post("/products", responses={201: Product, '
        "409: None})`. Un statut qui n’est pas déclaré n’est pas documenté.",
    ),
)

OPERATIONS = (
    ("GET", "/products"),
    ("POST", "/products"),
    ("GET", "/products/LAMP"),
    ("PUT", "/products/LAMP"),
    ("DELETE", "/products/LAMP"),
)
LIES = (("39.9", 39.9), ('"3990"', "3990"))


@exercise.step("Le service sert un document OpenAPI", points=1)
def serves_a_document(harness: Harness) -> None:
    listed(harness.service)  # an unwritten service documents nothing yet
    document = served_document(harness)
    expect(
        document.version[:2] in {"2.", "3."},
        seen=f"Le document se dit « openapi : {document.version or 'rien'} ».",
        expected='"openapi": "3.0.3" ou "3.1.0" à sa racine',
        meaning="Swagger UI refuserait de le montrer : il ne saurait pas comment le lire.",
    )
    dangling = document.dangling()
    expect(
        dangling is None,
        seen=f"Le document renvoie ($ref) à « {dangling} », qui n’y est pas.",
        expected="des références qui mènent à une partie du document, "
        "comme #/components/schemas/Product",
        meaning="La page, et tout client engendré d’après ce document, s’arrêterait là.",
    )


@exercise.step("Les cinq opérations y sont", points=1, after=serves_a_document)
def documents_every_operation(harness: Harness) -> None:
    document = served_document(harness)
    for method, path in OPERATIONS:
        operation = document.find(method, path)
        _expect_documented(document, operation, method, path.replace("LAMP", "{sku}"))
        undeclared = document.undeclared(operation)
        expect(
            undeclared is None,
            seen=f"{method} {operation.path} ne déclare pas son paramètre « {undeclared} ».",
            expected=f'un paramètre de nom « {undeclared} », "in": "path"',
            meaning="La page n’aurait pas de case où l’écrire : personne ne pourrait essayer.",
        )


def _expect_documented(
    document: Document, operation: Operation | None, method: str, path: str
) -> None:
    known = sorted({f"{o.method} {o.path}" for o in document.operations})
    expect(
        operation is not None,
        seen=f"Le document ne dit rien de {method} {path}. Il décrit : "
        f"{', '.join(known) or 'aucune opération'}.",
        expected="les cinq opérations du catalogue, à l’adresse de ce service "
        "(« servers » compris), le paramètre entre accolades : /products/{sku}",
        meaning="L’équipe d’à côté ne saurait pas que cette route existe, ou appellerait "
        "quelqu’un d’autre.",
    )


@exercise.step(
    "Ce que le document promet est ce que le service fait",
    points=2,
    after=documents_every_operation,
)
def tells_the_truth(harness: Harness) -> None:
    tidy(harness)
    document, learner, product = served_document(harness), harness.service, draw(harness)
    sku = product["sku"]
    spoilt = {**draw(harness), "price_cents": -1}
    for call in (
        lambda: absent(learner, sku),
        lambda: post(learner, product),
        lambda: conflict(learner, product),
        lambda: _read_all(learner, product),
        lambda: expect_stored(learner, product),
        lambda: put(learner, {**product, "price_cents": 1}, new=False),
        lambda: put(learner, draw(harness), new=True),
        lambda: _refused(send(learner, "POST", "/products", spoilt)),
        lambda: _refused(send(learner, "PUT", f"/products/{sku}", spoilt)),
        lambda: remove(learner, sku, present=True),
        lambda: remove(learner, sku, present=False),
    ):
        _expect_true(document, call())


def _read_all(learner: LearnerService, product: dict) -> Response:
    expect_listed(learner, {product["sku"]: product}, [product["sku"]])
    return learner.get("/products")


def _refused(response: Response) -> Response:
    expect_refused(response, f"{response.request.method} avec un prix négatif")
    return response


def _expect_true(document: Document, response: Response) -> None:
    method, path = response.request.method, response.request.path_url
    operation = document.find(method, path)
    problem = document.problem(operation, response)
    expect(
        problem is None,
        seen=f"{method} {path} contredit sa documentation : {problem}.",
        expected="une réponse conforme au document",
        meaning="Un client engendré d’après ce document échouerait le jour de la mise en service.",
    )
    if response.status_code in {200, 201}:
        _expect_exact(document, operation, response)


def _expect_exact(document: Document, operation: Operation, response: Response) -> None:
    schema = document.response_schema(operation, response)
    for written, lie in LIES:
        expect(
            document.violation(schema, _with_price(response.json(), lie)) is not None,
            seen=f"D’après le document, la réponse {response.status_code} de "
            f"{operation.method} {operation.path} pourrait donner le prix {written}.",
            expected="un article décrit, avec un « price_cents » de type integer",
            meaning="Qui lit la documentation s’attendrait à des prix à virgule, ou en texte.",
        )


def _with_price(body: dict, price: object) -> dict:
    body = deepcopy(body)
    for product in body.get("products", [body]):
        product["price_cents"] = price
    return body


@exercise.step(
    "Le document refuse ce que le service refuse", points=1, after=documents_every_operation
)
def describes_the_rules(harness: Harness) -> None:
    tidy(harness)
    document = served_document(harness)
    for method, path in (("POST", "/products"), ("PUT", f"/products/{draw(harness)['sku']}")):
        schema = document.request_schema(document.find(method, path))
        _expect_ruled(harness, document, schema, f"{method} {path}")
    product = draw(harness)
    post(harness.service, product)
    for field, what, spoil in (*WRONG, *NOT_JSON):
        spoilt = draw(harness)
        spoil(spoilt)
        expect_refused(send(harness.service, "POST", "/products", spoilt), f"POST avec {what}")
        spoilt = {**spoilt, "sku": product["sku"]} if field != "sku" else spoilt
        path = f"/products/{product['sku']}"
        expect_refused(send(harness.service, "PUT", path, spoilt), f"PUT avec {what}")


def _expect_ruled(harness: Harness, document: Document, schema: dict, where: str) -> None:
    expect(
        bool(schema),
        seen=f"Le document ne décrit pas le corps de {where} : tout serait accepté.",
        expected="un article, et tout le reste refusé",
        meaning="Qui lit la documentation ne saurait pas quoi envoyer.",
    )
    for product in (draw(harness), draw(harness, price_cents=0)):
        problem = document.violation(schema, product)
        expect(
            problem is None,
            seen=f"D’après le document de {where}, un article juste serait refusé ({problem}).",
            expected=f"un document qui permet {product}",
            meaning="Qui lit la documentation se priverait d’articles parfaitement vendables.",
        )
    for _, what, spoil in WRONG:
        product = draw(harness)
        spoil(product)
        expect(
            document.violation(schema, product) is not None,
            seen=f"D’après le document de {where}, {what} serait accepté.",
            expected=f"{what} refusé par le document, comme par le service",
            meaning="Qui lit la documentation enverrait des requêtes vouées à l’échec.",
        )


@exercise.step("L’interface s’ouvre sans Internet", points=1, after=serves_a_document)
def page_works_offline(harness: Harness) -> None:
    document = served_document(harness)
    page = find_page(harness.service, document)
    expect(
        page is not None,
        seen="Aucune page HTML à /openapi/swagger, /docs, /swagger ou /apidocs.",
        expected="une interface, Swagger UI par exemple",
        meaning="Le document existerait, mais personne ne le lirait.",
    )
    for loaded in page.loads:
        expect(
            not page.is_foreign(loaded.url),
            seen=f"La page charge {loaded.url}.",
            expected="des ressources servies par votre service",
            meaning="Dans un train, ou derrière un pare-feu, la page resterait blanche.",
        )
    _expect_complete(harness, page)
    expect(
        page.shows(document),
        seen=f"La page ne parle pas du document que sert votre service, {document.url}.",
        expected="une page qui montre ce document",
        meaning="Le visiteur lirait la documentation d’un autre service.",
    )


def _expect_complete(harness: Harness, page: Page) -> None:
    for loaded in page.loads:
        if loaded.needed:
            found = harness.service.get(page.path(loaded.url))
            expect(
                found.ok,
                seen=f"La page charge {loaded.url}, qui répond {found.status_code}.",
                expected="200 OK",
                meaning="La page s’ouvrirait vide.",
            )


def served_document(harness: Harness) -> Document:
    document = find_document(harness.service)
    if document is None:
        first = harness.service.get("/openapi/openapi.json")
        kind = first.headers.get("Content-Type", "rien")
        expect(
            False,
            seen="Aucun document à /openapi/openapi.json, /openapi.json ou /swagger.json : "
            f"le premier répond {first.status_code}, de type « {kind} ».",
            expected="un document OpenAPI en JSON (application/json), avec ses « paths »",
            meaning="L’équipe d’à côté devrait lire votre code pour vous appeler.",
        )
    return document
