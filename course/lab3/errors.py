"""lab3.errors: what Orders answers when Products is dead, silent, raving, or knows no such thing.

No verdict by the clock: a Products that is silent for too long answers well in the end, and an
order that comes of it shows that somebody waited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.lab3.bench import known, lonely, orders, planned
from course.lab3.partner import about, product
from workbook.checks import Exercise, expect
from workbook.checks.stub import Behaviour, after, cut, reply
from workbook.waiting import patient

if TYPE_CHECKING:
    from course.lab3.bench import Orders
    from workbook.checks import Harness

exercise = Exercise(
    "lab3.errors",
    title="Dire la bonne panne",
    service="orders",
    hints=(
        "`requests.get(…, timeout=1)` lève `requests.Timeout` si l’autre se tait, "
        "`requests.ConnectionError` s’il n’y a personne, et toutes descendent de "
        "`requests.RequestException`. `abort(503, …)` peut se dire dans `price_of`.",
        "Un statut n’est pas une exception : un dictionnaire `{404: 422, 503: 503, 504: 504}` et "
        "`.get(statut, 502)` disent presque tout le tableau.",
        "Un 200 ne prouve rien : le corps est-il un objet JSON, son `sku` celui demandé, son prix "
        "un entier (`type(price) is int`), positif ou nul ?",
    ),
)

UNKNOWN, BAD_GATEWAY, DEAD, SILENT = 422, 502, 503, 504
TOO_LONG = 6.0  # seconds of silence, where the text gives up after one
SLOW, TRIES = 0.3, 3
CLIENTS_FAULT = "Le client croirait s’être trompé, alors que c’est la boutique qui est en panne."
OUTAGE = "Le client attendrait la fin d’une panne qui n’existe pas : c’est lui qui a mal écrit."
AT_ANY_PRICE = "Une commande serait prise à un prix que Products n’a jamais donné."


def _whatever(status: int) -> Behaviour:
    """A product, under a status that promises none."""
    return about(lambda sku: reply(status, {"sku": sku, "price_cents": 1290}))


GOOD = b'{"sku": "LAMP", "name": "Lampe", "price_cents": 3990}'
STRANGE = {
    "200 et une page HTML": reply(200, b"<h1>En travaux</h1>"),
    "200 et un corps vide": reply(200, b""),
    "200 et `null`": reply(200, None),
    "200 et une liste": reply(200, [1290]),
    "200 et un nombre": reply(200, 1290),
    "200 et un produit sans prix": reply(200, {"name": "Lampe"}),
    "200 et un prix nul (null)": product(None),
    "200 et un prix en texte": product("1290"),
    "200 et un prix à virgule": product(12.9),
    "200 et un prix négatif": product(-1),
    "200 et un prix qui vaut « vrai »": product(True),
    "200 et un autre produit que celui demandé": product(1290, sku="AUTRE"),
    **{
        f"{status} et un produit": _whatever(status)
        for status in (201, 204, 400, 401, 403, 429, 500, 502)
    },
}
BROKEN_OFF = {
    "en rompant la connexion, sans un mot": cut(),
    "en rompant la connexion au milieu du corps": cut(GOOD[:-2]),
}


@exercise.step("Un article inconnu : la faute est au client, 422", points=1)
def tells_the_unknown(harness: Harness) -> None:
    _expect_good(harness)
    for body in ({"detail": "Not Found"}, b"<h1>Not Found</h1>"):
        _expect(harness, reply(404, body), "404", {UNKNOWN}, OUTAGE)


@exercise.step("Mort, ou indisponible : 503", points=1)
def tells_the_dead(harness: Harness) -> None:
    service = lonely(harness)
    answer = service.place("LAMP")
    _expect_status(service, answer, "Personne n’écoute à l’adresse de Products", {DEAD})
    service.expect_none_of("LAMP", "Personne n’écoute à l’adresse de Products")
    _expect(harness, reply(503, {}), "503", {DEAD})
    _expect_no_old_price(harness, reply(503, {}), "503", {DEAD})


@exercise.step("Muet : 504, et sans attendre", points=2, timeout=35)
def tells_the_silent(harness: Harness) -> None:
    silence = after(patient(TOO_LONG), product(1290))
    _expect_no_old_price(
        harness, silence, "correctement, mais après six secondes de silence", {SILENT}
    )
    _expect(harness, reply(504, {}), "504", {SILENT})
    _expect_patience(harness)


def _expect_patience(harness: Harness) -> None:
    """A reading of three tenths of a second is no silence; told thrice, for a busy machine."""
    service = orders(harness)
    for left in reversed(range(TRIES)):
        sku = planned(harness, after(SLOW, product(1290)))
        answer = service.place(sku)
        if answer.status_code == 201 or not left:
            service.created(answer, sku, 1, ", lu après trois dixièmes de seconde")
            return


@exercise.step("Tout le reste : 502", points=3, timeout=20)
def tells_the_strange(harness: Harness) -> None:
    for way, behaviour in STRANGE.items():
        meaning = AT_ANY_PRICE if way.startswith("200") else CLIENTS_FAULT
        _expect(harness, behaviour, way, {BAD_GATEWAY}, meaning)
        _expect_no_old_price(harness, behaviour, way, {BAD_GATEWAY})
    for way, behaviour in BROKEN_OFF.items():
        _expect(harness, behaviour, way, {BAD_GATEWAY, DEAD})
        _expect_no_old_price(harness, behaviour, way, {BAD_GATEWAY, DEAD})


@exercise.step("La panne passée, on commande de nouveau", points=1, after=tells_the_strange)
def recovers(harness: Harness) -> None:
    service = orders(harness)
    sku = planned(harness, reply(503, {}), reply(500, {}), product(1290))
    for _ in range(2):
        service.place(sku)
    service.created(service.place(sku), sku, 1, ", après deux pannes de Products")
    found = service.of(sku)
    expect(
        len(found) == 1,
        seen=f"Deux refus, puis une commande ; GET /orders en donne {len(found)}.",
        expected="une commande",
        meaning="Chaque panne ferait payer le client une fois de plus.",
    )


def _expect_good(harness: Harness) -> None:
    sku = known(harness)
    orders(harness).created(orders(harness).place(sku, 2), sku, 2)


def _expect(
    harness: Harness,
    behaviour: Behaviour,
    way: str,
    wanted: set[int],
    meaning: str = CLIENTS_FAULT,
) -> None:
    service, when = orders(harness), f"Products répond {way}"
    for left in reversed(range(TRIES)):
        sku = planned(harness, behaviour)
        answer = service.place(sku)
        # On a busy machine what was said at once may come too late.
        if answer.status_code != SILENT or SILENT in wanted or not left:
            break
    _expect_status(service, answer, when, wanted, meaning)
    service.expect_none_of(sku, when)


def _expect_no_old_price(
    harness: Harness, behaviour: Behaviour, way: str, wanted: set[int]
) -> None:
    """The same for an article that was bought a moment ago, whose price could be remembered."""
    service, when = orders(harness), f"Un article déjà vendu ; puis Products répond {way}"
    for left in reversed(range(TRIES)):
        sku = planned(harness, product(1290), behaviour)
        bought = service.place(sku).status_code == 201
        answer = service.place(sku)
        # On a busy machine what was said at once may come too late.
        if (bought and (answer.status_code != SILENT or SILENT in wanted)) or not left:
            break
    _expect_status(service, answer, when, wanted, AT_ANY_PRICE)
    expect(
        len(service.of(sku)) == bought,
        seen=f"{when} : la commande est refusée, et GET /orders en donne {len(service.of(sku))}.",
        expected="la première seulement",
        meaning="La boutique préparerait un colis que le client croit refusé.",
    )


def _expect_status(
    service: Orders, answer: object, when: str, wanted: set[int], meaning: str = CLIENTS_FAULT
) -> None:
    expect(
        answer.status_code in wanted,
        seen=f"{when} : Orders répond {service.told(answer)}",
        expected=" ou ".join(map(str, sorted(wanted))),
        meaning=meaning,
    )
