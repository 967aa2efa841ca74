"""ch07.bindings: the binding keys that bring accounting its events, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workbook.checks import Exercise, Harness, expect
from workbook.checks.outcome import Finding, Incorrect

exercise = Exercise(
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
LONGEST_KEY = 255  # bytes: a short string of AMQP
LIST_OF_KEYS = 'une liste de textes, comme `["une.cle", "une.autre"]`'
REFUSED = "payment.failed"
OTHERS = (
    "payment.processed",
    "payment.refunded",
    "stock.reserved",
    "stock.released",
    "email.sent",
    "delivery.failed",
)


@exercise.step("Toutes les commandes arrivent, quel que soit leur sort", points=1)
def brings_orders(harness: Harness, keys: Any) -> None:
    received = _received(harness, keys, ORDERS)
    missing = [key for key in ORDERS if key not in received]
    expect(
        not missing,
        seen=f"La file n’a pas reçu {_list(missing)}.",
        expected="tous les événements `order.…`",
        meaning="La comptabilité ignorerait des commandes.",
    )


@exercise.step("Même celles qu’on n’a pas encore inventées", points=1, after=brings_orders)
def brings_orders_to_come(harness: Harness, keys: Any) -> None:
    to_come = f"order.{harness.unique('retour').replace('-', '')}"
    expect(
        to_come in _received(harness, keys, (to_come,)),
        seen=f"Un nouvel événement, `{to_come}`, n’est pas arrivé.",
        expected="une clé qui vaut pour toute commande, présente ou à venir",
        meaning="À chaque événement nouveau, il faudrait penser à prévenir la comptabilité.",
    )


@exercise.step("Les paiements refusés aussi", points=1)
def brings_refusals(harness: Harness, keys: Any) -> None:
    expect(
        REFUSED in _received(harness, keys, (REFUSED,)),
        seen=f"La file n’a pas reçu `{REFUSED}`.",
        expected=f"`{REFUSED}` dans la file",
        meaning="Les impayés resteraient inconnus de la comptabilité.",
    )


@exercise.step("Et rien d’autre", points=1, after=(brings_orders, brings_refusals))
def brings_nothing_else(harness: Harness, keys: Any) -> None:
    intruders = _received(harness, keys, OTHERS)
    expect(
        not intruders,
        seen=f"La file a aussi reçu {_list(intruders)}.",
        expected="les commandes et les paiements refusés, rien d’autre",
        meaning="La comptabilité trierait le courrier des autres services.",
    )


def _received(harness: Harness, keys: Any, published: tuple[str, ...]) -> list[str]:
    """Publish one message per routing key; return the keys of those that reached the queue."""
    channel = harness.channel(harness.url())
    channel.confirm_delivery()
    exchange = harness.unique("verification")
    channel.exchange_declare(exchange, "topic", auto_delete=True, durable=True)
    queue = channel.queue_declare("", exclusive=True).method.queue
    for key in harness.kept("keys", lambda: _texts(keys)):
        channel.queue_bind(queue, exchange, key)
    for key in harness.random.sample(published, len(published)):
        channel.basic_publish(exchange, key, key.encode())
    received = []
    while (body := channel.basic_get(queue, auto_ack=True)[2]) is not None:
        received.append(body.decode())
    channel.connection.close()
    return received


def _texts(keys: Any) -> list[str]:
    if callable(keys) or not isinstance(keys, Iterable) or isinstance(keys, Mapping):
        raise Incorrect(
            Finding(f"Votre réponse est {keys!r}, de type « {type(keys).__name__} ».", LIST_OF_KEYS)
        )
    texts = [keys] if isinstance(keys, str) else list(keys)
    if not all(isinstance(key, str) for key in texts):
        raise Incorrect(Finding(f"Votre réponse contient {texts!r}.", LIST_OF_KEYS))
    for key in texts:
        expect(
            len(key.encode()) <= LONGEST_KEY,
            seen=f"La clé `{key[:40]}…` pèse {len(key.encode())} octets.",
            expected=f"{LONGEST_KEY} octets au plus : AMQP ne transporte pas de clé plus longue",
        )
    return texts


def _list(keys: list[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)
