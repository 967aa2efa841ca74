"""ch02.promo: a client that changes one field, and gives all the others back as they came."""

from __future__ import annotations

import json
from itertools import combinations
from typing import TYPE_CHECKING, Any

from workbook.checks import Exercise, Harness, expect

if TYPE_CHECKING:
    from workbook.shop.client import Response

exercise = Exercise(
    "ch02.promo",
    title="Trouvez le défaut : la promotion",
    service="promo",
    hints=(
        "Comparez ce que le service reçoit et ce qu’il rend, champ par champ. D’où vient la liste "
        "des champs de sa réponse ?",
        "Ne reconstruisez pas l’article : recopiez-le en entier, et n’en changez que le prix.",
        '`{**product, "price_cents": …}`. Avant, `type(price) is int and price >= 0`, sinon '
        "`abort(422)` ; et `product` peut n’être pas un dictionnaire.",
    ),
)

PRODUCT = {"sku": "LAMP", "name": "Lampe de bureau", "price_cents": 3990}
ADDED = {
    "warranty_months": 24,
    "discontinued": None,
    "tags": [],
    "dimensions": {"height_cm": 40.5, "parts": [{"name": "pied"}, None]},
    "description": "Éclaire « bien ».",
    "price": False,
}
PRICES = (0, 1, 5, 9, 10, 11, 19, 70, 99, 990, 3990, 3999, 24_900, 99_999_999)
NO_PRICE = (None, "3990", 39.9, True, -1, [3990], {"cents": 3990})
NO_ARTICLE = ([], [PRODUCT], "LAMP", 3990, {})


@exercise.step("Dix pour cent de moins, au centime inférieur", points=1)
def discounts(harness: Harness) -> None:
    for price in PRICES:
        _expect_discounted(harness, {**PRODUCT, "price_cents": price}, "Un article")


@exercise.step("Tout le reste revient tel quel", points=2, after=discounts)
def keeps_the_rest(harness: Harness) -> None:
    for size in range(1, len(ADDED) + 1):
        for names in combinations(ADDED, size):
            added = {name: ADDED[name] for name in names}
            _expect_discounted(harness, {**PRODUCT, **added}, "Un article plus riche")
    _expect_discounted(harness, {"price_cents": 3990}, "Un article sans rien d’autre qu’un prix")


@exercise.step("Sans un vrai prix, elle refuse", points=1, after=discounts)
def refuses_the_rest(harness: Harness) -> None:
    without = {name: value for name, value in PRODUCT.items() if name != "price_cents"}
    renamed = {**without, "unit_price_cents": 3990}
    bodies = [without, renamed, *({**PRODUCT, "price_cents": p} for p in NO_PRICE), *NO_ARTICLE]
    for body in bodies:
        answer = harness.service.post("/discounts", body)
        expect(
            answer.status_code == 422,
            seen=f"POST /discounts avec {body} : réponse {answer.status_code}.",
            expected="422",
            meaning="Un article partirait à un prix que personne n’a fixé."
            if answer.ok
            else "Une promotion de nuit s’arrêterait sur une erreur 500, sans dire pourquoi.",
            http=answer,
        )


def _expect_discounted(harness: Harness, product: dict[str, Any], what: str) -> None:
    answer = harness.service.post("/discounts", product)
    wanted = {**product, "price_cents": product["price_cents"] * 9 // 10}
    found = _body(answer)
    told = _told(found) if isinstance(found, dict) else {}
    expect(
        answer.status_code == 200 and told == _told(wanted),
        seen=f"{what}, {product} : {answer.status_code} {answer.text[:200]}",
        expected=f"200 et {wanted}",
        meaning=_meaning(answer, told, _told(wanted)),
        http=answer,
    )


def _meaning(answer: Response, told: dict[str, str], wanted: dict[str, str]) -> str:
    if not answer.ok:
        return "Cet article n’aurait pas sa promotion."
    if told.get("price_cents") != wanted["price_cents"]:
        return "Le prix en vitrine ne serait pas celui de la promotion."
    if told.keys() > wanted.keys():
        return "Le magasin garderait un champ que personne ne lui a demandé."
    return "Ce que d’autres équipes ont ajouté disparaîtrait, sans une erreur."


def _told(value: dict[str, Any]) -> dict[str, str]:
    """As JSON tells it: 24 is not 24.0, false is not 0."""
    return {name: json.dumps(item, sort_keys=True) for name, item in value.items()}


def _body(answer: Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
