"""lab4.topology: the exchange, the queues and the dead letters of the return of an article."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pika

from workbook.checks import Exercise, eventually, expect

if TYPE_CHECKING:
    from pika.adapters.blocking_connection import BlockingChannel

    from workbook.checks import Harness

EXCHANGE = "shop.events"
RETURNS, DEAD, MAIL = "returns.requested", "returns.dead", "notifications.returns"
QUEUES = (RETURNS, DEAD, MAIL)
OF_THE_BROKER = "amq."  # the names that AMQP keeps for itself

exercise = Exercise(
    "lab4.topology",
    title="Les files du retour",
    asks="declare",
    hints=(
        "Trois verbes de pika : `exchange_declare`, `queue_declare`, `queue_bind(file, échange, "
        "clé)`. Et `durable=True` partout.",
        "« return suivi d’un mot » s’écrit `return.*`.",
        'Les lettres mortes : `arguments={"x-dead-letter-exchange": "", '
        '"x-dead-letter-routing-key": "returns.dead"}` à la déclaration de `returns.requested`. '
        "L’échange sans nom mène droit à la file qui porte le nom de la clé.",
    ),
)


@exercise.step("Une demande de retour arrive aux deux files", points=1)
def brings_requests(harness: Harness, declare: Callable) -> None:
    channel = _declared(harness, declare)
    _expect_in(channel, harness, "return.requested", {RETURNS, MAIL})


@exercise.step("La suite du retour n’arrive qu’aux notifications", points=2, after=brings_requests)
def brings_the_rest(harness: Harness, declare: Callable) -> None:
    channel = _declared(harness, declare)
    to_come = f"return.{harness.unique('suite').replace('-', '')}"
    for key in ("return.completed", "return.refused", to_come):
        _expect_in(channel, harness, key, {MAIL})
    for key in ("order.created", "returns.requested", "return", "return.requested.again"):
        _expect_in(channel, harness, key, set())


@exercise.step("Rejetée, une demande devient une lettre morte", points=2, after=brings_requests)
def keeps_dead_letters(harness: Harness, declare: Callable) -> None:
    channel = _declared(harness, declare)
    body = harness.unique("illisible").encode()
    channel.basic_publish(EXCHANGE, "return.requested", body, mandatory=True)
    method, _, _ = _got(channel, RETURNS)
    channel.basic_reject(method.delivery_tag, requeue=False)
    found = eventually(
        lambda: channel.basic_get(DEAD, auto_ack=True)[2],
        timeout=2.0,
        seen=f"Un lecteur a rejeté une demande, et rien n’est arrivé dans « {DEAD} ».",
        expected="le même message, mis de côté",
        meaning="Le client qui a renvoyé son colis n’aurait ni argent, ni nouvelles, ni trace.",
    )
    expect(
        found == body,
        seen=f"Dans « {DEAD} » : {found!r}.",
        expected=f"{body!r}",
    )
    left = {queue: _take(channel, queue) for queue in QUEUES}
    expect(
        left == {RETURNS: [], DEAD: [], MAIL: [body]},
        seen=f"La demande rejetée est lue dans ses lettres mortes. Il reste {_counted(left)}.",
        expected=f"0 dans « {RETURNS} », 0 dans « {DEAD} », 1 dans « {MAIL} »",
        meaning="Le retour impossible reviendrait sans fin, ou serait annoncé deux fois.",
    )


@exercise.step("Tout survit à un redémarrage, et se redéclare sans dommage", points=1)
def lasts(harness: Harness, declare: Callable) -> None:
    channel = _declared(harness, declare)
    waiting = [harness.unique("demande").encode() for _ in range(3)]
    for body in waiting:
        channel.basic_publish(EXCHANGE, "return.requested", body, mandatory=True)
    declare(harness.channel(harness.url()))  # as each service that starts does
    found = {queue: _take(channel, queue) for queue in QUEUES}
    expect(
        found == {RETURNS: waiting, DEAD: [], MAIL: waiting},
        seen=f"{len(waiting)} demandes attendent, que personne n’a rejetées ; `declare` est "
        f"appelée de nouveau. Il y en a {_counted(found)}.",
        expected=f"{len(waiting)} dans « {RETURNS} », 0 dans « {DEAD} », {len(waiting)} dans "
        f"« {MAIL} »",
        meaning="Des retours demandés hier seraient perdus ce matin.",
    )
    _expect_durable(harness)


def _expect_durable(harness: Harness) -> None:
    """Every exchange and queue that is there, also those that a learner added."""
    vhost = urlsplit(harness.url()).path.removeprefix("/")
    for kind in ("exchanges", "queues"):
        for found in harness.broker.api("GET", f"{kind}/{vhost}"):
            name = found.get("name") or OF_THE_BROKER  # the exchange without a name
            expect(
                name.startswith(OF_THE_BROKER) or (found["durable"] and not found["auto_delete"]),
                seen=f"« {name} » disparaîtrait au prochain redémarrage de RabbitMQ, ou avec son "
                "dernier lecteur.",
                expected="`durable=True`, et ni `exclusive` ni `auto_delete`",
                meaning="Les retours en attente disparaîtraient avec elle.",
            )


def _declared(harness: Harness, declare: Callable) -> BlockingChannel:
    """A channel of ours where the learner has declared, once a check."""

    def run() -> BlockingChannel:
        declare(harness.channel(harness.url()))
        channel = harness.channel(harness.url())
        channel.confirm_delivery()
        for queue in QUEUES:
            _expect_queue(harness, queue)
        return channel

    return harness.kept("declared", run)


def _expect_queue(harness: Harness, queue: str) -> None:
    vhost = urlsplit(harness.url()).path.removeprefix("/")
    names = [found["name"] for found in harness.broker.api("GET", f"queues/{vhost}?columns=name")]
    expect(
        queue in names,
        seen=f"Après `declare(channel)`, il y a les files : {', '.join(names) or 'aucune'}.",
        expected=f"« {queue} », entre autres",
        meaning="Les messages n’auraient nulle part où attendre.",
    )


def _expect_in(channel: BlockingChannel, harness: Harness, key: str, wanted: set[str]) -> None:
    body = harness.unique("message").encode()
    with suppress(pika.exceptions.UnroutableError):  # said below, with the queues
        channel.basic_publish(EXCHANGE, key, body, mandatory=bool(wanted))
    found = {queue for queue in QUEUES for taken in _take(channel, queue) if taken == body}
    expect(
        found == wanted,
        seen=f"Publié sur « {EXCHANGE} » sous la clé `{key}` : le message arrive dans "
        f"{_list(found)}.",
        expected=_list(wanted),
        meaning="Un lecteur manquerait des nouvelles, ou recevrait celles des autres.",
    )


def _take(channel: BlockingChannel, queue: str) -> list[bytes]:
    """What is in a queue: a confirmed message is there already."""
    bodies = []
    while (body := channel.basic_get(queue, auto_ack=True)[2]) is not None:
        bodies.append(body)
    return bodies


def _got(channel: BlockingChannel, queue: str) -> tuple:
    return eventually(
        lambda: channel.basic_get(queue),
        lambda got: got[0] is not None,
        seen=f"« {queue} » est restée vide.",
        expected="la demande",
    )


def _list(queues: set[str]) -> str:
    return ", ".join(f"« {queue} »" for queue in sorted(queues)) or "aucune file"


def _counted(found: dict[str, list[bytes]]) -> str:
    return ", ".join(f"{len(bodies)} dans « {queue} »" for queue, bodies in found.items())
