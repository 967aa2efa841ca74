"""What the four exercises look at a catalogue with: draws, readings, expectations."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from workbook.checks import NotAttempted, expect

if TYPE_CHECKING:
    from workbook.checks.harness import Harness, LearnerService
    from workbook.shop.client import Response


OURS = "ESSAI"
FIELDS = ("sku", "name", "price_cents")
REFUSED = {400, 422}
UNREADABLE = {400, 415, 422}
NAMES = ("Horloge", "Coussin d’été", "Théière émaillée, 75 cl", "L'abat-jour", "Miroir")
SHOWN = 160


def listed(learner: LearnerService) -> list[dict]:
    """Return the articles of `GET /products`, which answers `{"products": […]}`."""
    response = learner.get("/products")
    expect(
        response.status_code == 200,
        seen=f"GET /products répond {response.status_code}.",
        expected="200 OK",
        meaning="Le catalogue de la boutique ne s’afficherait pas.",
    )
    body = body_of(response)
    products = body.get("products") if isinstance(body, dict) else None
    expect(
        isinstance(products, list),
        seen=f"GET /products répond {response.text[:SHOWN]}",
        expected='un objet dont « products » est la liste des articles : {"products": […]}',
        meaning="Qui appelle ne trouverait pas les articles dans la réponse.",
    )
    for product in products:
        expect(
            isinstance(product, dict),
            seen=f"Un article du catalogue s’écrit {_json(product)}.",
            expected="un objet avec « sku », « name » et « price_cents », un entier",
            meaning="La caisse ne saurait pas quel prix prendre.",
        )
    return products


def body_of(response: Response) -> object:
    """Return the JSON body, or refuse a body that is not JSON."""
    kind = response.headers.get("Content-Type", "inconnu")
    expect(
        "json" in kind,
        seen=f"La réponse est de type « {kind} ».",
        expected="application/json",
        meaning="Un programme ne saurait pas lire cette réponse : elle est faite pour des yeux.",
    )
    try:
        return response.json()
    except ValueError:
        expect(
            False,
            seen=f"La réponse s’annonce comme du JSON et n’en est pas : {response.text[:SHOWN]}",
            expected="un corps que tout lecteur de JSON comprend",
            meaning="Le programme qui appelle s’arrêterait sur une erreur de lecture.",
        )


def draw(harness: Harness, **more: object) -> dict:
    """An article nobody has."""
    return {
        "sku": harness.unique(OURS).upper(),
        "name": harness.random.choice(NAMES),
        "price_cents": harness.random.randrange(100, 50_000),
        **more,
    }


def tidy(harness: Harness) -> None:
    """Take what the check creates out of the learner's catalogue when it ends."""
    harness.closing.callback(_sweep, harness.service)


def _sweep(learner: LearnerService) -> None:
    for product in listed(learner):
        if str(product.get("sku")).startswith(f"{OURS}-"):
            learner.delete(f"/products/{product['sku']}")


def bare(product: dict) -> dict:
    """The three fields of an article; others are the learner's own business."""
    return {field: product.get(field) for field in FIELDS}


def is_product(product: object) -> bool:
    """Whether this is an article: two texts, and an integer for its price."""
    return (
        isinstance(product, dict)
        and isinstance(product.get("sku"), str)
        and "name" in product
        and type(product.get("price_cents")) is int
    )


def expect_product(product: object) -> None:
    expect(
        is_product(product),
        seen=f"Un article du catalogue s’écrit {_json(product)}.",
        expected="un objet avec « sku », « name » et « price_cents », un entier",
        meaning="La caisse ne saurait pas quel prix prendre.",
    )


def post(learner: LearnerService, product: dict) -> Response:
    """Add an article: 201, and the article."""
    response = learner.post("/products", product)
    if response.status_code in {404, 405}:
        raise NotAttempted("POST /products n’existe pas encore.")
    expect(
        response.status_code == 201,
        seen=f"POST /products répond {response.status_code} pour {_json(product)}.",
        expected="201 Created",
        meaning="Un article parfaitement vendable serait refusé, ou le vendeur ne saurait pas "
        "s’il est enregistré.",
    )
    expect_answered(response, product)
    return response


def conflict(learner: LearnerService, product: dict) -> Response:
    """Add an article whose SKU is taken: 409."""
    response = learner.post("/products", product)
    expect(
        response.status_code == 409,
        seen=f"Un second POST du SKU {product['sku']} répond {response.status_code}.",
        expected="409 Conflict",
        meaning="Deux vendeurs qui choisissent le même SKU se voleraient leur fiche.",
    )
    return response


def put(learner: LearnerService, product: dict, *, new: bool) -> Response:
    """Replace an article, 200, or create it, 201; the answer is the new article."""
    response = learner.put(f"/products/{product['sku']}", product)
    expect(
        response.status_code == (201 if new else 200),
        seen=f"PUT /products/{product['sku']} répond {response.status_code} ; cet article "
        f"{'n’existait pas' if new else 'existait déjà'}.",
        expected="201 Created" if new else "200 OK, et l’article",
        meaning="Qui enregistre ne saurait pas s’il vient de créer une fiche ou d’en remplacer "
        "une autre.",
    )
    expect_answered(response, product)
    return response


def remove(learner: LearnerService, sku: str, *, present: bool) -> Response:
    """Delete an article: 204, or 404 when it was not there."""
    response = learner.delete(f"/products/{sku}")
    again = "" if present else "Un second "
    expect(
        response.status_code in ({204} if present else {204, 404}),
        seen=f"{again}DELETE /products/{sku} répond {response.status_code}.",
        expected="204 No Content" + ("" if present else ", ou 404 : l’article n’y est déjà plus"),
        meaning="Un article retiré de la vente resterait au catalogue."
        if present
        else "Un client qui répète sa demande, faute de réponse, déclencherait une alerte.",
    )
    return response


def absent(learner: LearnerService, sku: str, when: str = "") -> Response:
    """Read an article that is not there: 404."""
    response = learner.get(f"/products/{sku}")
    expect(
        response.status_code == 404,
        seen=f"{when}GET /products/{sku} répond {response.status_code}.",
        expected="404 Not Found",
        meaning="Qui appelle croirait que l’article existe, ou que vous êtes en panne.",
    )
    return response


def expect_answered(response: Response, product: dict) -> None:
    request = f"{response.request.method} {response.request.path_url}"
    body = body_of(response)
    expect(
        isinstance(body, dict) and bare(body) == bare(product),
        seen=f"{request} répond {response.status_code} {response.text[:SHOWN]}",
        expected=f"l’article tel qu’il est maintenant : {_json(bare(product))}",
        meaning="L’écran du vendeur afficherait autre chose que ce qu’il vient d’enregistrer.",
    )


def expect_stored(learner: LearnerService, product: dict) -> Response:
    """Read an article: 200, and the article."""
    response = learner.get(f"/products/{product['sku']}")
    body = body_of(response) if response.status_code == 200 else None
    expect(
        isinstance(body, dict) and bare(body) == bare(product) and is_product(body),
        seen=f"GET /products/{product['sku']} répond {response.status_code} "
        f"{response.text[:SHOWN]}",
        expected=f"200 et {_json(bare(product))}",
        meaning="Ce que le vendeur a enregistré ne serait pas ce que le client voit.",
    )
    return response


def expect_listed(learner: LearnerService, products: dict[str, dict], skus: list[str]) -> None:
    """Among `skus`, exactly these articles are listed, each once."""
    served = sorted((bare(p) for p in listed(learner) if p.get("sku") in skus), key=_json)
    wanted = sorted(map(bare, products.values()), key=_json)
    expect(
        served == wanted,
        seen=f"GET /products liste, de ces articles, {_json(served)}",
        expected=_json(wanted),
        meaning="Le catalogue et ses fiches ne diraient plus la même chose.",
    )


def contents(learner: LearnerService) -> list[str]:
    """The whole catalogue, in an order that does not depend on the service."""
    return sorted(_json(bare(product)) for product in listed(learner))


def send(learner: LearnerService, method: str, path: str, body: object) -> Response:
    """Send any value as JSON, NaN too, as a careless program does."""
    return learner.request(
        method, path, data=json.dumps(body), headers={"Content-Type": "application/json"}
    )


def expect_refused(
    response: Response, what: str, statuses: set[int] = REFUSED, why: str = ""
) -> None:
    expect(
        response.status_code in statuses,
        seen=f"{what} : le service répond {response.status_code}.",
        expected=f"422 Unprocessable Content, ou 400 Bad Request{why}",
        meaning="Un article impossible entrerait au catalogue, ou la faute du client passerait "
        "pour une panne.",
    )


Spoil = Callable[[dict], object]


def _without(field: str) -> Spoil:
    return lambda product: product.pop(field)


def _with(field: str, value: object) -> Spoil:
    return lambda product: product.update({field: value})


def _faults(field: str, called: str, values: tuple[tuple[str, object], ...]) -> tuple:
    missing = (field, f"un {called} absent", _without(field))
    return (
        missing,
        *((field, f"un {called} {what}", _with(field, value)) for what, value in values),
    )


NO_TEXT = (
    ("vide", ""),
    ("nul (null)", None),
    ("qui est un nombre", 12),
    ("qui vaut « vrai »", True),
    ("qui est une liste", ["Lampe"]),
    ("qui est un objet", {"fr": "Lampe"}),
)
NO_PRICE = (
    ("négatif", -1),
    ("écrit en texte", "3990"),
    ("vide", ""),
    ("à virgule", 39.9),
    ("qui vaut « vrai »", True),
    ("qui vaut « faux »", False),
    ("nul (null)", None),
    ("qui est une liste", [3990]),
    ("qui est un objet", {"euros": 39}),
)
NO_NUMBER = (
    ("qui n’est pas un nombre (NaN)", float("nan")),
    ("infini (Infinity)", float("inf")),
)
WRONG = (
    *_faults("name", "nom", NO_TEXT),
    *_faults("sku", "SKU", NO_TEXT),
    *_faults("price_cents", "prix", NO_PRICE),
)
NOT_JSON = _faults("price_cents", "prix", NO_NUMBER)[1:]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
