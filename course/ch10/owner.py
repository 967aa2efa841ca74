"""ch10.owner: find the flaws of a small Orders service: who asks is proven, whose it is is not."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from workbook.checks import Exercise, Harness, expect

if TYPE_CHECKING:
    from workbook.shop.client import Response

exercise = Exercise(
    "ch10.owner",
    title="Trouvez le défaut",
    service="orders",
    hints=(
        "Connectez-vous comme Bob et demandez la commande d’Alice. Quelle ligne du service aurait "
        "dû comparer deux noms ?",
        "`customer()` est le nom que la passerelle a prouvé. Une commande a un `customer`. La "
        "même comparaison, et le même 404, servent à deux vues.",
        'Dans `{"id": …, "customer": …, **body}`, c’est le dernier qui gagne. Mettez le corps '
        "d’abord, ou n’en prenez que `item`.",
    ),
)

NOBODY = ""
GONE = "404, comme pour une commande qui n’existe pas"


@exercise.step("Chacun garde l’usage de ses commandes", points=1)
def serves_the_owner(harness: Harness) -> None:
    numbers = []
    for name in ("alice", "bob"):
        order, kept = _place(harness, name, "MUG"), _place(harness, name, "LAMP")
        _expect_order(_get(harness, name, f"/orders/{order}"), 200, name, "MUG")
        expect(
            {order, kept} <= set(_listed(harness, name)),
            seen=f"{name} vient de commander, et sa liste n’a pas « {order} » et « {kept} ».",
            expected="toutes ses commandes",
            meaning="Un client croirait sa commande perdue.",
        )
        _expect(_delete(harness, name, order), 204, f"{name} annule sa commande")
        _expect(_get(harness, name, f"/orders/{order}"), 404, f"{name} relit une commande annulée")
        _expect(_delete(harness, name, order), 404, f"{name} annule une commande annulée")
        listed = _listed(harness, name)
        expect(
            order not in listed and kept in listed,
            seen=f"{name} a annulé « {order} » et gardé « {kept} » ; sa liste : {listed}.",
            expected="les commandes qui restent",
            meaning="Un client croirait avoir annulé une autre commande.",
        )
        numbers += [order, kept, _place(harness, name, "MUG")]
        expect(
            len(set(numbers)) == len(numbers),
            seen=f"Les numéros des commandes créées : {', '.join(numbers)}.",
            expected="un numéro neuf à chaque fois, même après une annulation",
            meaning="Une commande en remplacerait une autre.",
        )


@exercise.step("Sans nom, personne n’entre", points=1, after=serves_the_owner)
def asks_who_it_is(harness: Harness) -> None:
    order = _place(harness, "alice", "MUG")
    answers = {
        "GET /orders": _get(harness, NOBODY, "/orders"),
        f"GET /orders/{order}": _get(harness, NOBODY, f"/orders/{order}"),
        f"DELETE /orders/{order}": _delete(harness, NOBODY, order),
        "POST /orders": _post(harness, NOBODY, {"item": "MUG"}),
    }
    for request, answer in answers.items():
        _expect(
            answer,
            401,
            f"{request}, sans X-User-Id",
            meaning="Un appel qui ne passe pas par la passerelle serait servi.",
        )


@exercise.step("Personne ne lit la commande d’un autre", points=2, after=serves_the_owner)
def hides_from_others(harness: Harness) -> None:
    for owner, other in (("alice", "bob"), ("bob", "alice")):
        order = _place(harness, owner, "LAMP")
        answer = _get(harness, other, f"/orders/{order}")
        _expect(
            answer,
            404,
            f"{other} demande la commande de {owner}",
            expected=GONE,
            meaning="En essayant les numéros, on lirait les achats de toute la boutique."
            if answer.ok
            else "Un autre refus dirait qu’elle existe : les numéros se devineraient.",
        )
        expect(
            order not in _listed(harness, other),
            seen=f"La liste de {other} contient la commande « {order} », de {owner}.",
            expected="ses propres commandes",
            meaning="Chacun lirait les achats des autres.",
        )


@exercise.step("Personne n’annule la commande d’un autre", points=2, after=serves_the_owner)
def protects_from_others(harness: Harness) -> None:
    for owner, other in (("alice", "bob"), ("bob", "alice")):
        order = _place(harness, owner, "LAMP")
        answer = _delete(harness, other, order)
        kept = _get(harness, owner, f"/orders/{order}").status_code == 200
        expect(
            kept,
            seen=f"{other} a annulé la commande de {owner} ; elle n’existe plus.",
            expected="une commande que seul son propriétaire peut annuler",
            meaning="Un concurrent viderait le carnet de commandes.",
            http=answer,
        )
        _expect(answer, 404, f"{other} annule la commande de {owner}", expected=GONE)


@exercise.step(
    "Le corps ne choisit ni le propriétaire, ni le numéro", points=2, after=serves_the_owner
)
def believes_the_gateway(harness: Harness) -> None:
    order = _place(harness, "alice", "LAMP")
    for extra in ({"customer": "alice"}, {"id": order}, {"id": order, "customer": "alice"}):
        answer = _post(harness, "bob", {"item": "MUG", **extra})
        known = _get(harness, "alice", f"/orders/{order}")
        expect(
            known.status_code == 200 and known.json().get("item") == "LAMP",
            seen=f"Bob envoie {extra} : la commande « {order} », d’Alice, a changé ou disparu.",
            expected="une commande d’Alice intacte",
            meaning="N’importe qui remplacerait la commande d’un autre.",
            http=answer,
        )
        if 400 <= answer.status_code < 500:  # to refuse such a body is as good
            continue
        _expect(answer, 201, f"Bob commande, avec {extra} dans le corps")
        placed = answer.json()
        expect(
            placed.get("customer") == "bob" and placed.get("id") != order,
            seen=f"Bob envoie {extra} : la commande créée est {placed}.",
            expected="`customer` pris de X-User-Id, et un numéro à elle",
            meaning="Bob commanderait au nom d’Alice, et la facture irait chez elle.",
            http=answer,
        )


def _place(harness: Harness, name: str, item: str) -> str:
    return _expect_order(_post(harness, name, {"item": item}), 201, name, item)


def _expect_order(answer: Response, status: int, name: str, item: str) -> str:
    """The number of the order in an answer: one of `item`, for `name`."""
    what = (
        f"{name} commande « {item} »" if status == HTTPStatus.CREATED else f"{name} lit sa commande"
    )
    _expect(answer, status, what)
    order = answer.json()
    expect(
        isinstance(order, dict)
        and isinstance(order.get("id"), str)
        and (order.get("customer"), order.get("item")) == (name, item),
        seen=f"{what} : la réponse est {order!r}.",
        expected=f"un `id` qui est un texte, `customer` « {name} » et `item` « {item} »",
        http=answer,
    )
    return order["id"]


def _post(harness: Harness, name: str, body: dict[str, Any]) -> Response:
    return harness.service.post("/orders", body, headers=_as(name))


def _get(harness: Harness, name: str, path: str) -> Response:
    return harness.service.get(path, headers=_as(name))


def _delete(harness: Harness, name: str, order: str) -> Response:
    return harness.service.delete(f"/orders/{order}", headers=_as(name))


def _listed(harness: Harness, name: str) -> list[str]:
    answer = _get(harness, name, "/orders")
    _expect(answer, 200, f"{name} lit la liste de ses commandes")
    return [order.get("id") for order in answer.json()["orders"]]


def _as(name: str) -> dict[str, str]:
    """What the gateway writes when it has verified a token of `name`; nothing for nobody."""
    return {"X-User-Id": name} if name else {}


def _expect(
    answer: Response, status: int, what: str, expected: str = "", meaning: str = ""
) -> None:
    expect(
        answer.status_code == status,
        seen=f"{what[0].upper()}{what[1:]} : réponse {answer.status_code}.",
        expected=expected or str(status),
        meaning=meaning,
        http=answer,
    )
