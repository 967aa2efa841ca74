"""lab3.call: the price comes from Products, read once, and copied into the order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.lab3.bench import known, orders, partner, planned
from course.lab3.partner import product
from workbook.checks import Exercise, expect
from workbook.checks.stub import reply

if TYPE_CHECKING:
    import requests

    from course.lab3.bench import Orders
    from workbook.checks import Harness

exercise = Exercise(
    "lab3.call",
    title="Demander le prix à Products",
    service="orders",
    hints=(
        'L’adresse est `f"{products_url()}/products/{sku}"`. La réponse de Products est un objet '
        "JSON, où `price_cents` est un entier.",
        "Lisez le prix **une seule fois** par commande, gardez-le dans une variable, puis calculez "
        "le total avec elle.",
        "Ce qui est dans la commande se relit dans `orders.db` : GET ne demande rien à Products.",
    ),
)

PRICES = (3990, 0, 1)
FORGED = {"unit_price_cents": 1, "total_cents": 1, "price_cents": 1}


@exercise.step("Le prix vient de Products", points=2)
def asks_products(harness: Harness) -> None:
    service = orders(harness)
    for price in PRICES:
        for quantity in (1, 3):
            sku = known(harness, price)
            answer = service.place(sku, quantity)
            order = service.created(answer, sku, quantity)
            service.expect_asked(sku)
            _expect_price(service, order, answer, price, quantity)
            service.expect_kept(order)


def _expect_price(
    service: Orders, order: dict, answer: requests.Response, price: int, quantity: int
) -> None:
    wanted = {"unit_price_cents": price, "total_cents": price * quantity}
    found = {field: order.get(field) for field in wanted}
    expect(
        found == wanted and all(type(value) is int for value in found.values()),
        seen=f"Products dit {price} centimes, le client en veut {quantity} ; Orders répond "
        f"{service.told(answer)}",
        expected=f"{wanted}, des entiers",
        meaning="Le client paierait un autre prix que celui du catalogue.",
    )


@exercise.step("Une commande, une lecture, un prix", points=2, after=asks_products)
def reads_once(harness: Harness) -> None:
    service = orders(harness)
    sku = planned(harness, *(product(price) for price in (1000, 2500, 4100, 7700)))
    order = service.created(service.place(sku, 3), sku, 3)
    readings = len(partner(harness).asked(sku))
    unit, total = order.get("unit_price_cents"), order.get("total_cents")
    expect(
        readings == 1 and total == 3 * unit,
        seen=f"Le prix change à chaque lecture. Pour une commande de 3, Orders a lu {readings} "
        f"fois : {unit} l’unité, {total} en tout.",
        expected="une seule lecture, et un total de trois fois ce prix-là",
        meaning="Entre deux lectures, le prix peut changer : la facture ne serait plus la somme "
        "de ses lignes.",
    )
    later = service.created(service.place(sku, 1), sku, 1, ", le lendemain")
    expect(
        later.get("unit_price_cents") == 2500,
        seen=f"Le lendemain, Products dit 2500 ; la commande dit {later.get('unit_price_cents')}.",
        expected="le prix d’aujourd’hui, lu aujourd’hui",
        meaning="La boutique vendrait encore au prix d’hier.",
    )


@exercise.step("Le prix reste celui du moment de l’achat", points=1, after=asks_products)
def keeps_the_price(harness: Harness) -> None:
    service = orders(harness)
    for later, when in (
        (product(9900), "Le prix du catalogue a changé ; "),
        (reply(503, {}), "Products est indisponible ; "),
    ):
        sku = planned(harness, product(4500), later)
        order = service.created(service.place(sku, 2), sku, 2)
        service.expect_kept(order, when)
        service.place(sku, 1)
        service.expect_kept(order, f"{when}le même article est commandé de nouveau ; ")


@exercise.step("Le client ne fixe pas son prix", points=1, after=asks_products)
def trusts_nobody(harness: Harness) -> None:
    service, sku = orders(harness), known(harness, 5000)
    answer = service.ask("POST", "/orders", {"sku": sku, "quantity": 2, **FORGED})
    if answer.status_code in (400, 422):
        service.expect_none_of(sku, "Un client envoie son propre prix")
        return
    order = service.created(answer, sku, 2, " et un prix de son choix")
    _expect_price(service, order, answer, 5000, 2)


@exercise.step("Avec le vrai catalogue de la boutique", points=1, after=asks_products)
def asks_the_shop(harness: Harness) -> None:
    catalogue = harness.shop["products"].get("/products/LAMP")
    expect(
        catalogue.status_code == 200,
        seen="Le catalogue de la boutique ne connaît plus la lampe.",
        expected='`shop.reset("products")`, qui lui rend la sienne',
    )
    answer = harness.service.post("/orders", {"sku": "LAMP", "quantity": 2})
    price = catalogue.json()["price_cents"]
    order = answer.json() if answer.status_code == 201 else {}
    expect(
        order.get("total_cents") == 2 * price,
        seen=f"Deux lampes à {price} centimes ; votre service, dans la boutique, répond "
        f"{answer.status_code} {answer.text[:160]}",
        expected=f"201, et un total de {2 * price} centimes",
        meaning="Seul, votre service compte juste ; dans la boutique, il ne trouve pas Products.",
    )
