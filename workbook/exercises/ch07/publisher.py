"""ch07.publish: `publish(event)` says True only when the broker has the event safe."""

from __future__ import annotations

import copy
import gc
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pika

from workbook.broker import Broker
from workbook.checks import CannotCheck, Exercise, Lab, expect
from workbook.experiments.messaging import Ledger, drain

EXCHANGE = "shop.events"
BEFORE_THE_KILL = 25
MOST_EVENTS = 4_000
TRIES_AFTERWARDS = 5

publish = Exercise(
    "ch07.publish",
    title="Publier sans rien perdre",
    hints=(
        "Trois dangers, trois réglages : un courtier qui meurt (message persistant), qui "
        "n’a pas encore écrit (confirmation), personne au bout (message obligatoire, "
        "`mandatory=True`).",
        "Après `channel.confirm_delivery()`, `basic_publish` attend la réponse du courtier et lève "
        "`pika.exceptions.UnroutableError` ou `NackError` quand elle est mauvaise. Toutes les "
        "erreurs de pika descendent de `pika.exceptions.AMQPError`.",
        "Ouvrez la connexion dans la fonction, avec `with` : elle est refermée dans tous les cas, "
        "et un courtier relancé est retrouvé à l’appel suivant. Mettez ce `with` dans un "
        "`try … except pika.exceptions.AMQPError: return False`.",
    ),
)


@publish.step("Un événement attendu arrive, et publish répond True", points=1)
def arrives(lab: Lab, send: Callable) -> None:
    kind, event = _draw(lab)
    channel, queue = _listen(lab, kind)
    answer = send(copy.deepcopy(event))
    _, _, body = channel.basic_get(queue, auto_ack=True)
    expect(
        body is not None,
        seen=f"`publish` a répondu {answer!r}, et rien n’est arrivé dans la file abonnée à "
        f"`{_key(kind)}`.",
        expected=f"l’événement, publié sur « {EXCHANGE} » avec cette clé de routage",
        meaning="Payments et notifications ne sauraient rien des commandes.",
    )
    expect(
        _decoded(body) == event,
        seen=f"Le message reçu est {body.decode(errors='replace')[:200]}",
        expected=f"l’événement en JSON : {json.dumps(event)}",
    )
    expect(
        answer is not None and bool(answer),
        seen=f"L’événement est bien arrivé, et `publish` a répondu {answer!r}.",
        expected="True",
        meaning="Qui reçoit False republie : ici, sans fin.",
    )


@publish.step("Sans destinataire, la réponse est False", points=1, after=arrives)
def refuses_the_void(lab: Lab, send: Callable) -> None:
    _, event = _draw(lab)
    answer = send(event)
    expect(
        not answer,
        seen=f"Aucune file n’attend `{event['type']}`, et `publish` a répondu {answer!r}.",
        expected="False : le courtier jette un message qu’il ne sait où mettre",
        meaning="Une file oubliée au déploiement, et toutes les ventes d’une nuit disparaissent "
        "sans une erreur.",
    )


@publish.step("Quand le courtier refuse le message, la réponse est False", points=1, after=arrives)
def hears_a_refusal(lab: Lab, send: Callable) -> None:
    kind, event = _draw(lab)
    full = {"x-max-length": 1, "x-overflow": "reject-publish"}
    channel, queue = _listen(lab, kind, full)
    channel.confirm_delivery()
    channel.basic_publish("", queue, b"la seule place")
    answer = send(event)
    expect(
        not answer,
        seen=f"La file est pleine, le courtier a refusé l’événement, et `publish` a répondu "
        f"{answer!r}.",
        expected="False : sans confirmation du courtier, on ne sait rien",
        meaning="L’événement est perdu, et la commande passe pour annoncée.",
    )


@publish.step("Aucune connexion ne reste ouverte", points=1, after=arrives)
def hangs_up(lab: Lab, send: Callable) -> None:
    kind, _ = _draw(lab)
    _listen(lab, kind)
    before = _connections(lab.broker)
    for _ in range(8):
        send(_event(lab, kind))
    gc.collect()
    left = _connections(lab.broker) - before
    expect(
        left <= 1,
        seen=f"Après 8 appels, {left} connexions de plus restent ouvertes vers RabbitMQ.",
        expected="aucune de plus, ou une seule que tous les appels partagent",
        meaning="Chacune coûte au courtier de la mémoire et un descripteur : le soir venu, "
        "il n’en accepte plus aucune.",
    )


@publish.step(
    "kill -9 du courtier : ce qui était sûr l’est resté",
    points=2,
    after=(arrives, refuses_the_void, hears_a_refusal),
    timeout=45,
)
def survives(lab: Lab, send: Callable) -> None:
    if lab.broker.private:
        _expect_nothing_lost(lab, send)
    else:
        _expect_persistent(lab, send)


def _expect_nothing_lost(lab: Lab, send: Callable) -> None:
    kind, _ = _draw(lab)
    _, queue = _listen(lab, kind)
    ledger, answered = _publish_through_a_kill(lab, send, kind)
    ledger.deliveries.update(_identifier(body) for body in drain(lab.broker, queue))
    expect(
        not ledger.lost,
        seen=f"{len(ledger.acknowledged)} événements annoncés sûrs, {len(ledger.lost)} perdus "
        "après la mort du courtier.",
        expected="aucun perdu : `publish` ne répond True qu’une fois le message sur le disque",
        meaning="Autant de commandes payées dont personne n’entendra parler.",
    )
    expect(
        answered,
        seen=f"RabbitMQ est revenu, et `publish` répond encore False à {TRIES_AFTERWARDS} appels.",
        expected="True : une connexion morte se remplace",
        meaning="Après chaque redémarrage du courtier, il faudrait redémarrer la boutique.",
    )


def _expect_persistent(lab: Lab, send: Callable) -> None:
    """A broker that others use is not killed: look at what would survive its death instead."""
    kind, event = _draw(lab)
    channel, queue = _listen(lab, kind)
    send(event)
    _, properties, _ = channel.basic_get(queue, auto_ack=True)
    expect(
        properties is not None and properties.delivery_mode == pika.DeliveryMode.Persistent.value,
        seen=f"Le message porte delivery_mode={properties and properties.delivery_mode}. (Ce "
        "RabbitMQ est partagé : on a regardé le message au lieu de tuer le courtier.)",
        expected="un message persistant, `delivery_mode=2`",
        meaning="Au prochain redémarrage de RabbitMQ, tout ce qui attend dans les files "
        "disparaîtrait.",
    )


def _publish_through_a_kill(lab: Lab, send: Callable, kind: str) -> tuple[Ledger, bool]:
    """Publish while the broker is killed and started again; say whether `send` recovered."""
    accident = _Accident(lab.broker)
    ledger, tries = Ledger(), 0
    try:
        for _ in range(MOST_EVENTS):
            event = _event(lab, kind)
            ledger.attempted.add(event["id"])
            back = accident.over.is_set()
            answer = bool(send(event))
            if answer:
                ledger.acknowledged.add(event["id"])
            if len(ledger.acknowledged) == BEFORE_THE_KILL:
                accident.happen()
            tries += back
            if back and (answer or tries == TRIES_AFTERWARDS):
                break
            if not answer:
                time.sleep(0.05)
    finally:
        accident.await_end()
    return ledger, answer


class _Accident:
    """The broker's death and its return, while the learner's code goes on publishing."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self.over = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def happen(self) -> None:
        """Kill the broker a moment from now, once."""
        if self._thread.ident is None:
            self._thread.start()

    def await_end(self) -> None:
        """Never leave the shop without its broker."""
        if self._thread.ident is not None:
            self._thread.join()
        if self._error:
            raise CannotCheck(f"RabbitMQ n’est pas revenu : {self._error}") from self._error

    def _run(self) -> None:
        from workbook.broker import BrokerError

        try:
            self._broker.kill()
            self._broker.restart()
        except BrokerError as error:
            self._error = error
        self.over.set()


# -- events ----------------------------------------------------------------------------------------


def _draw(lab: Lab) -> tuple[str, dict]:
    """A type of event that nobody else publishes nor reads, and an event of that type."""
    kind = f"TEST_{lab.unique('x')[2:].upper()}"
    return kind, _event(lab, kind)


def _event(lab: Lab, kind: str) -> dict:
    return {
        "id": lab.unique("event"),
        "type": kind,
        "occurred_at": "2026-01-05T09:30:00+00:00",
        "data": {"order_id": lab.unique("order"), "total_cents": lab.random.randrange(1, 99_999)},
    }


def _key(kind: str) -> str:
    return kind.lower().replace("_", ".")


def _listen(lab: Lab, kind: str, arguments: dict | None = None) -> tuple[Any, str]:
    """Bind a durable classic queue to the type `kind`; deleted when the check ends."""
    channel, queue = lab.channel(), lab.unique("ecoute")
    channel.exchange_declare(EXCHANGE, "topic", durable=True)
    channel.queue_declare(queue, durable=True, arguments=arguments)
    channel.queue_bind(queue, EXCHANGE, _key(kind))
    lab.closing.callback(_delete, lab.broker, queue)
    return channel, queue


def _delete(broker: Broker, queue: str) -> None:
    with pika.BlockingConnection(pika.URLParameters(broker.url)) as connection:
        connection.channel().queue_delete(queue)


def _connections(broker: Broker) -> int:
    """Connections of this very process to the broker."""
    import psutil

    port = urlsplit(broker.url).port or 5672
    sockets = psutil.Process().net_connections("tcp")
    return sum(
        bool(s.raddr) and s.raddr.port == port and s.status == "ESTABLISHED" for s in sockets
    )


def _decoded(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _identifier(body: str) -> str:
    return json.loads(body)["id"]
