"""ch07.bindings: the binding keys that bring accounting its events, and no others."""

from __future__ import annotations

from typing import Any

from workbook.checks import Exercise, Lab, expect
from workbook.checks.outcome import Finding, Incorrect

bindings = Exercise(
    "ch07.bindings",
    title="S’abonner à ce qui compte",
    hints=(
        "Une clé de routage est faite de mots séparés par des points. Dans une clé de liaison, "
        "`*` remplace exactement un mot, `#` zéro, un ou plusieurs.",
        "Une file peut avoir plusieurs liaisons : elle reçoit un message dès que l’une convient, "
        "et une seule fois même si deux conviennent.",
        "Il suffit de deux clés : l’une couvre tout ce qui commence par `order`, l’autre nomme "
        "exactement le paiement refusé.",
    ),
)

ORDERS = ("order.created", "order.confirmed", "order.rejected", "order.cancelled")
REFUSED = "payment.failed"
OTHERS = (
    "payment.processed",
    "payment.refunded",
    "stock.reserved",
    "stock.released",
    "email.sent",
    "delivery.failed",
)


@bindings.step("Toutes les commandes arrivent, quel que soit leur sort", points=1)
def brings_orders(lab: Lab, keys: Any) -> None:
    received = _received(lab, keys, ORDERS)
    missing = [key for key in ORDERS if key not in received]
    expect(
        not missing,
        seen=f"La file n’a pas reçu {_list(missing)}.",
        expected="tous les événements `order.…`",
        meaning="La comptabilité ignorerait des commandes.",
    )


@bindings.step("Même celles qu’on n’a pas encore inventées", points=1, after=brings_orders)
def brings_orders_to_come(lab: Lab, keys: Any) -> None:
    to_come = f"order.{lab.unique('retour').replace('-', '')}"
    expect(
        to_come in _received(lab, keys, (to_come,)),
        seen=f"Un nouvel événement, `{to_come}`, n’est pas arrivé.",
        expected="une clé qui vaut pour toute commande, présente ou à venir",
        meaning="À chaque événement nouveau, il faudrait penser à prévenir la comptabilité.",
    )


@bindings.step("Les paiements refusés aussi", points=1)
def brings_refusals(lab: Lab, keys: Any) -> None:
    expect(
        REFUSED in _received(lab, keys, (REFUSED,)),
        seen=f"La file n’a pas reçu `{REFUSED}`.",
        expected=f"`{REFUSED}` dans la file",
        meaning="Les impayés resteraient inconnus de la comptabilité.",
    )


@bindings.step("Et rien d’autre", points=1, after=(brings_orders, brings_refusals))
def brings_nothing_else(lab: Lab, keys: Any) -> None:
    intruders = _received(lab, keys, OTHERS)
    expect(
        not intruders,
        seen=f"La file a aussi reçu {_list(intruders)}.",
        expected="les commandes et les paiements refusés, rien d’autre",
        meaning="La comptabilité trierait le courrier des autres services.",
    )


def _received(lab: Lab, keys: Any, published: tuple[str, ...]) -> list[str]:
    """Publish one message per routing key; return the keys of those that reached the queue."""
    channel = lab.channel()
    channel.confirm_delivery()
    exchange = lab.unique("verification")
    channel.exchange_declare(exchange, "topic", auto_delete=True, durable=True)
    queue = channel.queue_declare("", exclusive=True).method.queue
    for key in _texts(keys):
        channel.queue_bind(queue, exchange, key)
    for key in lab.random.sample(published, len(published)):
        channel.basic_publish(exchange, key, key.encode())
    received = []
    while (body := channel.basic_get(queue, auto_ack=True)[2]) is not None:
        received.append(body.decode())
    channel.connection.close()
    return received


def _texts(keys: Any) -> list[str]:
    texts = [keys] if isinstance(keys, str) else list(keys)
    if not all(isinstance(key, str) for key in texts):
        raise Incorrect(Finding(f"Votre réponse contient {texts!r}.", "une liste de textes"))
    return texts


def _list(keys: list[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)
