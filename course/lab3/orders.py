"""lab3.orders: a service that takes orders, keeps them, and refuses what is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.lab3.bench import REFUSED, known, orders
from workbook.checks import Exercise, expect

if TYPE_CHECKING:
    from course.lab3.bench import Orders
    from workbook.checks import Harness

exercise = Exercise(
    "lab3.orders",
    title="Un service « Orders » qui prend des commandes",
    service="orders",
    hints=(
        "`request.get_json(silent=True)` rend `None` quand le corps n’est pas du JSON. Une vue "
        "peut rendre un couple : `return order, 201`.",
        "`save(order)` et `find(order_id)` sont données. `find` rend `None` pour une commande "
        "inconnue : c’est le moment de dire `abort(404)`.",
        "En Python, `True` est un entier : `type(quantity) is int` le refuse. Validez **avant** "
        "d’enregistrer.",
    ),
)

UNKNOWN = "/orders/commande-inconnue"
NO_SKU = (None, "", 12, True, ["LAMP"], {"sku": "LAMP"})
NO_QUANTITY = (None, 0, -1, "2", 1.5, True, False, [1], {})


@exercise.step("Une commande prise se relit", points=2)
def takes(harness: Harness) -> None:
    service = orders(harness)
    taken = []
    for quantity in (1, 3, 1):
        sku = known(harness)
        taken.append(service.created(service.place(sku, quantity), sku, quantity))
    expect(
        len({str(order["id"]) for order in taken}) == len(taken),
        seen=f"Trois commandes, et leurs `id` : {', '.join(str(o['id']) for o in taken)}.",
        expected="un `id` à chacune",
        meaning="Un client ouvrirait la commande d’un autre.",
    )
    for order in taken:
        service.expect_kept(order)
    twin = known(harness)
    for _ in range(2):
        service.created(service.place(twin), twin, 1)
    expect(
        len(service.of(twin)) == 2,
        seen=f"Deux commandes du même article ; GET /orders en donne {len(service.of(twin))}.",
        expected="deux commandes : deux clients peuvent vouloir la même lampe",
        meaning="Le second client ne recevrait rien.",
    )
    _expect_ids_of_its_own(harness, service)


def _expect_ids_of_its_own(harness: Harness, service: Orders) -> None:
    """Who sends an `id` is refused, or does not choose: sent twice, it would be two orders."""
    sku, chosen = known(harness), harness.unique("choisi")
    body = {"sku": sku, "quantity": 1, "id": chosen}
    answers = [service.ask("POST", "/orders", body) for _ in range(2)]
    if all(answer.status_code in REFUSED for answer in answers):
        return
    taken = [service.created(answer, sku, 1, ", et un `id` de plus") for answer in answers]
    ids = [str(order["id"]) for order in taken]
    expect(
        len({*ids, chosen}) == 3 and len(service.of(sku)) == 2,
        seen=f"Deux clients envoient `id` = {chosen!r} ; leurs commandes ont pour `id` : "
        f"{', '.join(ids)}, et GET /orders en donne {len(service.of(sku))}.",
        expected="un `id` que vous choisissez, différent pour chacune",
        meaning="Un client écrirait sa commande sur celle d’un autre.",
    )


@exercise.step("Une commande inconnue est dite inconnue", points=1, after=takes)
def refuses_unknown(harness: Harness) -> None:
    service = orders(harness)
    answer = service.ask("GET", UNKNOWN)
    expect(
        answer.status_code == 404,
        seen=f"GET {UNKNOWN} : Orders répond {service.told(answer)}",
        expected="404 Not Found",
        meaning="Qui suit une commande croirait qu’elle existe, ou que vous êtes en panne.",
    )


@exercise.step("Ce qui n’est pas une commande est refusé, sans trace", points=2, after=takes)
def refuses_what_is_none(harness: Harness) -> None:
    service, sku = orders(harness), known(harness)
    good = {"sku": sku, "quantity": 1}
    bodies = [
        *(good | {"sku": value} for value in NO_SKU),
        *(good | {"quantity": value} for value in NO_QUANTITY),
        {"sku": sku},
        {"quantity": 1},
        {},
        [],
        [good],
        sku,
    ]
    before = service.listed()
    for body in bodies:
        answer = service.ask("POST", "/orders", body)
        expect(
            answer.status_code in REFUSED,
            seen=f"POST /orders {body} : Orders répond {service.told(answer)}",
            expected="422, ou 400",
            meaning="Une commande impossible partirait à l’entrepôt, ou la faute du client "
            "passerait pour une panne.",
        )
        after = service.listed()
        expect(
            after == before,
            seen=f"POST /orders {body} est refusé ; GET /orders donne pourtant "
            f"{len(after)} commandes au lieu de {len(before)}.",
            expected="les mêmes commandes qu’avant",
            meaning="La boutique préparerait un colis que le client croit refusé.",
        )


@exercise.step("kill -9, puis un redémarrage : les commandes sont là", points=1, after=takes)
def survives(harness: Harness) -> None:
    service, sku = orders(harness), known(harness)
    order = service.created(service.place(sku, 2), sku, 2)
    before = service.listed()
    service.kill()
    service.start()
    service.expect_kept(order, "Orders tué, puis relancé, ")
    expect(
        len(service.listed()) == len(before),
        seen=f"{len(before)} commandes ; Orders tué, puis relancé, il en donne "
        f"{len(service.listed())}.",
        expected="les mêmes",
        meaning="Chaque mise à jour du service ferait oublier des ventes.",
    )
    for _ in before:  # a count begun again would come to each of them
        service.created(service.place(sku), sku, 1, ", Orders tué puis relancé")
    after = service.listed()
    expect(
        len(after) == 2 * len(before) and all(one in after for one in before),
        seen=f"{len(before)} commandes ; Orders tué, relancé, il en prend {len(before)} autres, et "
        f"en donne {len(after)}, dont {sum(one in after for one in before)} des anciennes.",
        expected=f"{2 * len(before)} commandes, chacune avec un `id` à elle",
        meaning="Une commande neuve en effacerait une ancienne.",
    )
