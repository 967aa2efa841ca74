"""Lab 2: the learner's own Products service, judged through HTTP on the running process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.checks import Exercise, NotAttempted, expect

if TYPE_CHECKING:
    from workbook.checks.lab import Lab, LearnerService
    from workbook.client import Response

REFUSED = {400, 415, 422}
FIELDS = ("sku", "name", "price_cents")

# ------------------------------------------------------------------ Créer le service

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
        _expect_product(product)


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


# ------------------------------------------------------------------ CRUD

crud = Exercise(
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


@crud.step("Ce qui est créé peut être lu", points=1)
def creates(lab: Lab) -> None:
    product = _draw(lab)
    response = lab.service.post("/products", product)
    if response.status_code in {404, 405}:
        raise NotAttempted("POST /products n’existe pas encore.")
    expect(
        response.status_code == 201,
        seen=f"POST /products répond {response.status_code}.",
        expected="201 Created",
        meaning="Qui vient d’ajouter un article ne saurait pas s’il est enregistré.",
    )
    _expect_stored(lab.service, product)


@crud.step("Un SKU déjà pris est refusé", points=1, after=creates)
def refuses_duplicates(lab: Lab) -> None:
    product = _created(lab)
    response = lab.service.post("/products", {**product, "name": "Un autre"})
    expect(
        response.status_code == 409,
        seen=f"Un second POST du SKU {product['sku']} répond {response.status_code}.",
        expected="409 Conflict",
        meaning="Deux vendeurs qui choisissent le même SKU se voleraient leur fiche.",
    )
    _expect_stored(lab.service, product)


@crud.step("PUT remplace tout, et se répète sans dommage", points=1, after=creates)
def replaces(lab: Lab) -> None:
    product = _created(lab, description="Une description qui doit disparaître.")
    replacement = {**_draw(lab), "sku": product["sku"]}
    for _ in range(2):
        response = lab.service.put(f"/products/{product['sku']}", replacement)
        expect(
            response.status_code in {200, 201, 204},
            seen=f"PUT /products/{product['sku']} répond {response.status_code}.",
            expected="200, ou 204 sans corps",
            meaning="On ne pourrait plus changer un prix.",
        )
    _expect_stored(lab.service, replacement)
    kept = body_of(lab.service.get(f"/products/{product['sku']}"))
    expect(
        not kept.get("description"),
        seen="La description, absente du nouveau corps, est restée.",
        expected="un remplacement complet (RFC 9110, § 9.3.4)",
        meaning="Un texte retiré de la fiche continuerait d’être affiché.",
    )
    _expect_once(lab.service, product["sku"])


@crud.step("DELETE supprime, et se répète sans dommage", points=1, after=creates)
def deletes(lab: Lab) -> None:
    sku = _created(lab)["sku"]
    first = lab.service.delete(f"/products/{sku}")
    expect(
        first.status_code in {200, 202, 204},
        seen=f"DELETE /products/{sku} répond {first.status_code}.",
        expected="204 No Content",
        meaning="Un article retiré de la vente resterait au catalogue.",
    )
    gone = lab.service.get(f"/products/{sku}")
    expect(
        gone.status_code in {404, 410},
        seen=f"Après DELETE, GET /products/{sku} répond {gone.status_code}.",
        expected="404 Not Found",
        meaning="On vendrait encore un article supprimé.",
    )
    again = lab.service.delete(f"/products/{sku}")
    expect(
        again.status_code in {200, 202, 204, 404, 410},
        seen=f"Un second DELETE répond {again.status_code}.",
        expected="204, ou 404 : l’article n’est plus là, et c’est ce qu’on voulait",
        meaning="Un client qui répète sa demande, faute de réponse, déclencherait une alerte.",
    )


@crud.step("Quarante opérations au hasard tombent juste", points=2, after=(replaces, deletes))
def agrees_with_a_dictionary(lab: Lab) -> None:
    skus = [lab.unique("SERIE").upper() for _ in range(5)]
    model: dict[str, dict] = {}
    for _ in range(40):
        _random_operation(lab, skus, model)
    served = {p["sku"]: _bare(p) for p in listed(lab.service) if p["sku"] in skus}
    expect(
        served == model,
        seen=f"Après la série, la liste donne {served}.",
        expected=f"{model}",
        meaning="Le catalogue et ses fiches ne diraient plus la même chose.",
    )


def _random_operation(lab: Lab, skus: list[str], model: dict[str, dict]) -> None:
    """One drawn request, played on the service and on a dictionary alike."""
    product = {**_draw(lab), "sku": lab.random.choice(skus)}
    sku, path = product["sku"], f"/products/{product['sku']}"
    match lab.random.choice(("POST", "PUT", "DELETE", "GET")):
        case "POST":
            status, expected = lab.service.post("/products", product), 409 if sku in model else 201
            model.setdefault(sku, product)
        case "PUT" if sku in model:
            status, expected = lab.service.put(path, product), {200, 201, 204}
            model[sku] = product
        case "DELETE":
            status, expected = lab.service.delete(path), {200, 202, 204, 404, 410}
            model.pop(sku, None)
        case _:
            status, expected = lab.service.get(path), 200 if sku in model else {404, 410}
    expected = expected if isinstance(expected, set) else {expected}
    expect(
        status.status_code in expected,
        seen=f"{status.request.method} {path} répond {status.status_code}.",
        expected=" ou ".join(map(str, sorted(expected))),
        meaning="Le service aurait oublié ce qu’on vient de lui dire.",
    )


# ------------------------------------------------------------------ Validation

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
        product = {**_draw(lab), **change}
        response = lab.service.post("/products", product)
        if response.status_code in {404, 405}:
            raise NotAttempted("POST /products n’existe pas encore.")
        expect(
            response.status_code == 201,
            seen=f"POST /products répond {response.status_code} pour {change}.",
            expected="201 Created",
            meaning="Un article parfaitement vendable serait refusé.",
        )
        _expect_stored(lab.service, product)


@validation.step("POST refuse chaque faute", points=2, after=accepts_valid)
def post_refuses(lab: Lab) -> None:
    for _, what, spoil in WRONG:
        product = _draw(lab)
        sku = product["sku"]
        spoil(product)
        _expect_refused(lab.service.post("/products", product), f"POST avec {what}")
        _expect_absent(lab.service, sku, what)


@validation.step("PUT refuse les mêmes", points=1, after=accepts_valid)
def put_refuses(lab: Lab) -> None:
    product = _created(lab)
    for field, what, spoil in WRONG:
        if field == "sku":
            continue
        spoiled = {**_draw(lab), "sku": product["sku"]}
        spoil(spoiled)
        path = f"/products/{product['sku']}"
        _expect_refused(lab.service.put(path, spoiled), f"PUT avec {what}")
    _expect_stored(lab.service, product)


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
        _expect_refused(lab.service.request("POST", "/products", **options), f"POST avec {what}")


@validation.step("Le refus nomme le champ fautif", points=1, after=post_refuses)
def refusal_names_the_field(lab: Lab) -> None:
    for field, what, spoil in (WRONG[1], WRONG[5]):
        product = _draw(lab)
        spoil(product)
        response = lab.service.post("/products", product)
        expect(
            "json" in response.headers.get("Content-Type", "") and field in response.text,
            seen=f"Pour {what}, le refus ne dit pas que c’est « {field} » : {response.text[:160]}",
            expected=f"un corps JSON où « {field} » apparaît",
            meaning="Le formulaire du vendeur ne saurait pas quel champ souligner.",
        )


# ------------------------------------------------------------------ OpenAPI

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
    _document(lab)


@openapi.step("Les cinq opérations y sont", points=1, after=serves_a_document)
def documents_every_operation(lab: Lab) -> None:
    document = _document(lab)
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
    document, product = _document(lab), _draw(lab)
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
    from workbook.exercises.openapi import violation

    document = _document(lab)
    schema = document.request_schema(document.find("POST", "/products"))
    for what, product, valid in (
        ("un article juste", _draw(lab), True),
        ("un prix négatif", {**_draw(lab), "price_cents": -1}, False),
        ("un prix écrit en texte", {**_draw(lab), "price_cents": "3990"}, False),
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
    from workbook.exercises.openapi import find_page, is_foreign, resources

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


# ------------------------------------------------------------------ within


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


def _draw(lab: Lab) -> dict:
    """A product nobody has."""
    return {
        "sku": lab.unique("ART").upper(),
        "name": lab.random.choice(("Horloge", "Coussin", "Théière", "Plaid", "Miroir")),
        "price_cents": lab.random.randrange(100, 50_000),
    }


def _created(lab: Lab, **more: object) -> dict:
    product = {**_draw(lab), **more}
    response = lab.service.post("/products", product)
    expect(
        response.ok,
        seen=f"POST /products répond {response.status_code} pour un article juste.",
        expected="201 Created",
        meaning="On ne pourrait plus rien ajouter au catalogue.",
    )
    return product


def _bare(product: dict) -> dict:
    return {field: product.get(field) for field in FIELDS}


def _expect_product(product: object) -> None:
    fine = isinstance(product, dict) and all(field in product for field in FIELDS)
    expect(
        fine and type(product["price_cents"]) is int,
        seen=f"Un article du catalogue s’écrit {product!r}.",
        expected="un objet avec « sku », « name » et « price_cents », un entier",
        meaning="La caisse ne saurait pas quel prix prendre.",
    )


def _expect_stored(learner: LearnerService, product: dict) -> None:
    response = learner.get(f"/products/{product['sku']}")
    expect(
        response.ok and _bare(body_of(response)) == _bare(product),
        seen=f"GET /products/{product['sku']} répond {response.status_code} {response.text[:160]}",
        expected=f"200 et {_bare(product)}",
        meaning="Ce que le vendeur a enregistré ne serait pas ce que le client voit.",
    )


def _expect_once(learner: LearnerService, sku: str) -> None:
    count = sum(product.get("sku") == sku for product in listed(learner))
    expect(
        count == 1,
        seen=f"{sku} apparaît {count} fois dans la liste.",
        expected="une fois",
        meaning="Le même article s’afficherait en double, à deux prix.",
    )


def _expect_refused(response: Response, what: str) -> None:
    expect(
        response.status_code in REFUSED,
        seen=f"{what} : le service répond {response.status_code}.",
        expected="422 Unprocessable Content, ou 400 Bad Request",
        meaning="Un article impossible entrerait au catalogue, ou la faute du client passerait "
        "pour une panne.",
    )


def _expect_absent(learner: LearnerService, sku: str, what: str) -> None:
    present = any(isinstance(p, dict) and p.get("sku") == sku for p in listed(learner))
    expect(
        not present,
        seen=f"Refusé pour {what}, l’article est pourtant au catalogue.",
        expected="un catalogue inchangé",
        meaning="Le vendeur lit une erreur, corrige, recommence : l’article y serait deux fois.",
    )


def _document(lab: Lab) -> object:
    from workbook.exercises.openapi import find_document

    document = find_document(lab.service)
    expect(
        document is not None,
        seen="Aucun document à /openapi/openapi.json, /openapi.json ou /swagger.json.",
        expected="un document OpenAPI en JSON",
        meaning="L’équipe d’à côté devrait lire votre code pour vous appeler.",
    )
    return document
