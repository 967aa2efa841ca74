"""ch07.publish: `publish(event)` says True only when the broker has the event safe."""

from __future__ import annotations

import copy
import gc
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote, urlsplit

import pika

from course.ch07.experiments import Ledger, drain
from workbook.broker import Broker
from workbook.checks import CannotCheck, Exercise, Harness, eventually, expect

EXCHANGE = "shop.events"
BEFORE_THE_KILL = 25
MOST_EVENTS = 4_000
TRIES = 5  # calls to get over the death of a connection or of the broker
MOST_KEPT = 2  # connections, the second for a race with the map's

exercise = Exercise(
    "ch07.publish",
    title="Publier sans rien perdre",
    asks="publish",
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


@exercise.step("Un événement attendu arrive, et publish répond True", points=1)
def arrives(harness: Harness, send: Callable) -> None:
    _put_aside(harness)
    kind, _ = _draw(harness)
    channel, queue = _listen(harness, kind)
    event, answer = _until_safe(harness, send, kind)
    body = _last(channel, queue)
    expect(
        body is not None,
        seen=f"`publish` a répondu {answer!r}, et rien n’est arrivé dans la file abonnée à "
        f"`{_key(kind)}`.",
        expected=f"l’événement, publié sur « {EXCHANGE} » avec cette clé de routage",
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


@exercise.step("Sans destinataire, la réponse est False", points=1, after=arrives)
def refuses_the_void(harness: Harness, send: Callable) -> None:
    _, event = _draw(harness)
    answer = send(event)
    expect(
        not answer,
        seen=f"Aucune file n’attend `{event['type']}`, et `publish` a répondu {answer!r}.",
        expected="False : le courtier jette un message qu’il ne sait où mettre",
        meaning="Une file oubliée au déploiement, et toutes les ventes d’une nuit disparaissent "
        "sans une erreur.",
    )


@exercise.step("Quand le courtier refuse le message, la réponse est False", points=1, after=arrives)
def hears_a_refusal(harness: Harness, send: Callable) -> None:
    kind, event = _draw(harness)
    _listen_full(harness, kind)
    answer = send(event)
    expect(
        not answer,
        seen=f"La file est pleine, le courtier a refusé l’événement, et `publish` a répondu "
        f"{answer!r}.",
        expected="False : sans confirmation du courtier, on ne sait rien",
        meaning="L’événement est perdu, et la commande passe pour annoncée.",
    )


@exercise.step("Aucune connexion ne reste ouverte", points=1, after=arrives)
def hangs_up(harness: Harness, send: Callable) -> None:
    heard, unheard, refused = (_draw(harness)[0] for _ in range(3))
    _listen(harness, heard)
    _listen_full(harness, refused)
    harness.broker.depths()  # the map keeps a connection too: it is open from now on
    gc.collect()
    before = _connections(harness.broker)
    gc.disable()  # what only the collector would close, later, is left open now
    harness.closing.callback(gc.enable)
    for _ in range(8):
        send(_event(harness, heard))
    _expect_closed(harness, before, "8 appels")
    gc.enable()
    for kind in (unheard, refused) * 4:
        send(_event(harness, kind))
    gc.collect()  # of what a failure interrupted
    _expect_closed(harness, before, "8 autres, où la réponse est False")


def _expect_closed(harness: Harness, before: int, calls: str) -> None:
    eventually(
        lambda: _connections(harness.broker) - before,
        lambda left: left <= MOST_KEPT,
        timeout=2.0,
        seen=lambda left: (
            f"Après {calls}, {left} connexions de plus restent ouvertes vers RabbitMQ."
        ),
        expected="aucune de plus, ou une seule que tous les appels partagent",
        meaning="Chacune coûte au courtier de la mémoire et un descripteur : le soir venu, "
        "il n’en accepte plus aucune.",
    )


@exercise.step(
    "kill -9 du courtier : ce qui était sûr l’est resté",
    points=2,
    after=(arrives, refuses_the_void, hears_a_refusal),
    timeout=45,
)
def survives(harness: Harness, send: Callable) -> None:
    _expect_calm(harness, send)
    if harness.broker.private:
        _expect_nothing_lost(harness, send)
    else:
        _expect_persistent(harness, send)


def _expect_calm(harness: Harness, send: Callable) -> None:
    """Lose the connection of a call just as it is closed, which a kill seldom hits by itself."""
    kind, _ = _draw(harness)
    _listen(harness, kind)
    with _lost_at_the_close(harness.broker):
        answer = send(_event(harness, kind))
    expect(
        answer is not None,
        seen="La connexion est morte quand `publish` la fermait, et `publish` n’a rien répondu.",
        expected="True ou False, et aucune exception",
    )


@contextmanager
def _lost_at_the_close(broker: Broker) -> Iterator[None]:
    """Meanwhile, each connection that pika opens and then closes is cut a moment before."""
    kept = {found.fd for found in _sockets(broker)}
    close = pika.BlockingConnection.close

    def cut_and_close(self: pika.BlockingConnection, *args: Any, **kwargs: Any) -> None:
        for found in _sockets(broker):
            if found.fd not in kept:
                with suppress(OSError), socket.socket(fileno=os.dup(found.fd)) as same:
                    same.shutdown(socket.SHUT_RDWR)
        close(self, *args, **kwargs)

    pika.BlockingConnection.close = cut_and_close
    try:
        yield
    finally:
        pika.BlockingConnection.close = close


def _expect_nothing_lost(harness: Harness, send: Callable) -> None:
    kind, _ = _draw(harness)
    _, queue = _listen(harness, kind)
    ledger, answered = _publish_through_a_kill(harness, send, kind)
    ledger.deliveries.update(_identifier(body) for body in drain(harness.broker, queue))
    expect(
        not ledger.lost,
        seen=f"{len(ledger.acknowledged)} événements annoncés sûrs, {len(ledger.lost)} perdus "
        "après la mort du courtier.",
        expected="aucun perdu : `publish` ne répond True qu’une fois le message sur le disque",
        meaning="Autant de commandes payées dont personne n’entendra parler.",
    )
    expect(
        answered,
        seen=f"RabbitMQ est revenu, et `publish` répond encore False à {TRIES} appels.",
        expected="True : une connexion morte se remplace",
        meaning="Après chaque redémarrage du courtier, il faudrait redémarrer la boutique.",
    )


def _expect_persistent(harness: Harness, send: Callable) -> None:
    """A broker that others use is not killed: look at what would survive its death instead."""
    kind, event = _draw(harness)
    channel, queue = _listen(harness, kind)
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


def _publish_through_a_kill(harness: Harness, send: Callable, kind: str) -> tuple[Ledger, bool]:
    """Publish while the broker is killed and started again; say whether `send` recovered."""
    accident = _Accident(harness.broker)
    ledger, tries = Ledger(), 0
    try:
        for _ in range(MOST_EVENTS):
            event = _event(harness, kind)
            ledger.attempted.add(event["id"])
            back = accident.over.is_set()
            answer = bool(send(event))
            if answer:
                ledger.acknowledged.add(event["id"])
            if len(ledger.acknowledged) == BEFORE_THE_KILL:
                accident.happen()
            tries += back
            if back and (answer or tries == TRIES):
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


def _draw(harness: Harness) -> tuple[str, dict]:
    """A type of event that nobody else publishes nor reads, and an event of that type."""
    kind = f"TEST_{harness.unique('x')[2:].upper()}"
    return kind, _event(harness, kind)


def _event(harness: Harness, kind: str) -> dict:
    return {
        "id": harness.unique("event"),
        "type": kind,
        "occurred_at": "2026-01-05T09:30:00+00:00",
        "data": {
            "order_id": harness.unique("order"),
            "total_cents": harness.random.randrange(1, 99_999),
        },
    }


def _key(kind: str) -> str:
    return kind.lower().replace("_", ".")


def _listen(harness: Harness, kind: str, arguments: dict | None = None) -> tuple[Any, str]:
    """Bind a durable classic queue to the type `kind`; deleted when the check ends."""
    channel, queue = harness.channel(), harness.unique("ecoute")
    channel.exchange_declare(EXCHANGE, "topic", durable=True)
    channel.queue_declare(queue, durable=True, arguments=arguments)
    channel.queue_bind(queue, EXCHANGE, _key(kind))
    harness.closing.callback(_delete, harness.broker, queue)
    return channel, queue


def _listen_full(harness: Harness, kind: str) -> None:
    """Bind to `kind` a queue that refuses any message more."""
    full = {"x-max-length": 1, "x-overflow": "reject-publish"}
    channel, queue = _listen(harness, kind, full)
    channel.confirm_delivery()
    channel.basic_publish("", queue, b"la seule place")


def _until_safe(harness: Harness, send: Callable, kind: str) -> tuple[dict, object]:
    """The first event of which `send` says that it is safe, or the last tried.

    A connection kept from an earlier try may be dead by now: then False is the truth, once.
    """
    for _ in range(TRIES):
        event = _event(harness, kind)
        answer = send(copy.deepcopy(event))
        if answer:
            break
    return event, answer


def _last(channel: Any, queue: str) -> bytes | None:
    """Empty the queue, and return its last message."""
    last = None
    while (body := channel.basic_get(queue, auto_ack=True)[2]) is not None:
        last = body
    return last


# -- what a learner's play left bound to everything ------------------------------------------------


def _put_aside(harness: Harness) -> None:
    """Unbind until the end what would take any event: without it, some have no reader at all."""
    broker, gone = harness.broker, []
    harness.channel().exchange_declare(EXCHANGE, "topic", durable=True)
    gc.collect()  # closes what was left to the collector
    path = f"exchanges/{quote(broker.vhost, safe='')}/{EXCHANGE}/bindings/source"
    any_key = _key(_draw(harness)[0]).split(".")
    harness.closing.callback(_bind_again, broker, gone)
    for binding in broker.api("GET", path):
        if _matches(binding["routing_key"].split("."), any_key):
            _unbind(harness, binding)
            gone.append(binding)


def _unbind(harness: Harness, binding: dict) -> None:
    name, key = binding["destination"], binding["routing_key"]
    channel = harness.channel()
    try:
        if binding["destination_type"] == "exchange":
            channel.exchange_unbind(name, EXCHANGE, key, binding["arguments"])
        else:
            channel.queue_unbind(name, EXCHANGE, key, binding["arguments"])
    except pika.exceptions.ChannelClosedByBroker as error:
        raise CannotCheck(
            f"La file « {name} », liée par `{key}`, reçoit tout ce qui se publie, et n’obéit qu’à "
            "la connexion qui l’a déclarée : fermez celle-ci (`connection.close()`) ou redémarrez "
            "le noyau, puis relancez cette cellule."
        ) from error


def _bind_again(broker: Broker, bindings: list[dict]) -> None:
    for binding in bindings:
        name, key = binding["destination"], binding["routing_key"]
        with suppress(pika.exceptions.AMQPError), _connected(broker) as connection:
            channel = connection.channel()
            bind = {"exchange": channel.exchange_bind, "queue": channel.queue_bind}
            bind[binding["destination_type"]](name, EXCHANGE, key, binding["arguments"])


def _connected(broker: Broker) -> pika.BlockingConnection:
    return pika.BlockingConnection(pika.URLParameters(broker.url))


def _matches(pattern: list[str], words: list[str]) -> bool:
    """Whether a binding key of a topic exchange takes a routing key, both cut at their dots."""
    if not pattern:
        return not words
    if pattern[0] == "#":
        return _matches(pattern[1:], words) or (bool(words) and _matches(pattern, words[1:]))
    return bool(words) and pattern[0] in ("*", words[0]) and _matches(pattern[1:], words[1:])


def _delete(broker: Broker, queue: str) -> None:
    with _connected(broker) as connection:
        connection.channel().queue_delete(queue)


def _connections(broker: Broker) -> int:
    """Connections of this very process to the broker."""
    return len(_sockets(broker))


def _sockets(broker: Broker) -> list[Any]:
    """What psutil tells of each connection of this very process to the broker."""
    import psutil

    port = urlsplit(broker.url).port or 5672
    sockets = psutil.Process().net_connections("tcp")
    return [s for s in sockets if s.raddr and s.raddr.port == port and s.status == "ESTABLISHED"]


def _decoded(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _identifier(body: str) -> str:
    return json.loads(body)["id"]
