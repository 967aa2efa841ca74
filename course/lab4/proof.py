"""lab4.proof: the learner's own test of the sending, tried on senders known to be wrong."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pika

from course.lab4.bench import event_of
from workbook.checks import Exercise, expect

if TYPE_CHECKING:
    from pika.adapters.blocking_connection import BlockingChannel

    from workbook.checks import Harness

EXCHANGE, KEY = "shop.events", "return.requested"
Send = Callable[[dict], str]

exercise = Exercise(
    "lab4.proof",
    title="Un test qui attrape les fautes",
    asks="is_well_sent",
    hints=(
        'Avant tout : une file à vous, `channel.queue_declare("", exclusive=True)`, liée à '
        "`shop.events` sous `return.requested`. Ensuite seulement, `send(…)`.",
        "`channel.basic_get(file, auto_ack=True)` rend trois choses, dont la dernière vaut `None` "
        "quand la file est vide : un deuxième appel dit s’il y en avait un de trop.",
        "Envoyez deux retours **différents** : deux commandes, deux quantités, deux montants. Un "
        "envoi qui ne regarde pas sa demande se trahit au second.",
    ),
)


@exercise.step("Il accepte un envoi juste", points=2)
def accepts(harness: Harness, is_well_sent: Callable) -> None:
    for what, sender in GOOD.items():
        expect(
            _tried(harness, is_well_sent, sender),
            seen=f"Un envoi juste ({what}) : votre test le refuse.",
            expected="True, ou rien",
            meaning="Un test qui crie toujours finit par être débranché.",
        )


@exercise.step("Il attrape un envoi qui se perd", points=2, after=accepts)
def catches_losses(harness: Harness, is_well_sent: Callable) -> None:
    _expect_caught(harness, is_well_sent, LOSING)


@exercise.step("Il attrape un envoi qui dit autre chose", points=2, after=accepts)
def catches_lies(harness: Harness, is_well_sent: Callable) -> None:
    _expect_caught(harness, is_well_sent, LYING)


@exercise.step("Il attrape un envoi sans nom, ou de trop", points=1, after=accepts)
def catches_doubles(harness: Harness, is_well_sent: Callable) -> None:
    _expect_caught(harness, is_well_sent, DOUBLING)


def _expect_caught(harness: Harness, test: Callable, senders: dict[str, Callable]) -> None:
    for what, sender in senders.items():
        expect(
            not _tried(harness, test, sender),
            seen=f"Un envoi {what} : votre test le laisse passer.",
            expected="False, ou un `assert` qui échoue",
            meaning="La faute partirait en production, et le test resterait vert.",
        )


def _tried(harness: Harness, test: Callable, make: Callable[[BlockingChannel, Any], Send]) -> bool:
    """Whether the test lets this sender pass; what it declared is gone afterwards."""
    ours = harness.kept("ours", lambda: _opened(harness))
    theirs = pika.BlockingConnection(pika.URLParameters(harness.url()))
    try:
        answer = test(make(ours, itertools.count(1)), theirs.channel())
    except NotImplementedError:
        raise
    except Exception as error:
        if make in GOOD.values() and not isinstance(error, AssertionError):
            raise
        return False
    finally:
        if theirs.is_open:
            theirs.close()
        _sweep(harness)
    return answer is None or bool(answer)


def _opened(harness: Harness) -> BlockingChannel:
    channel = harness.channel(harness.url())
    channel.exchange_declare(EXCHANGE, "topic", durable=True)
    channel.confirm_delivery()
    return channel


def _sweep(harness: Harness) -> None:
    vhost = urlsplit(harness.url()).path.removeprefix("/")
    for queue in harness.broker.api("GET", f"queues/{vhost}?columns=name"):
        if queue.get("name"):
            harness.kept("ours", lambda: None).queue_delete(queue["name"])


# -- senders ---------------------------------------------------------------------------------------


def sender(
    *,
    exchange: str = EXCHANGE,
    key: str = KEY,
    mode: int = 2,
    message_id: Callable[[str], str | None] = str,
    body: Callable[[dict, int], Any] = lambda event, _: event,
    copies: Callable[[int], int] = lambda _: 1,
    text: Callable[[Any], bytes] = lambda body: json.dumps(body).encode(),
) -> Callable[[BlockingChannel, Any], Send]:
    """A way to send a return, right but for what is given."""

    def make(channel: BlockingChannel, numbers: Any) -> Send:
        def send(request: dict) -> str:
            number, event = next(numbers), event_of(dict(request))
            properties = pika.BasicProperties(
                delivery_mode=mode,
                message_id=message_id(event["return_id"]),
                content_type="application/json",
            )
            for _ in range(copies(number)):
                channel.basic_publish(exchange, key, text(body(event, number)), properties)
            return event["return_id"]

        return send

    return make


def _changed(**fields: object) -> Callable[[dict, int], dict]:
    return lambda event, _: event | fields


def _without(field: str) -> Callable[[dict, int], dict]:
    return lambda event, _: {name: value for name, value in event.items() if name != field}


def _one_unit(event: dict, _: int) -> dict:
    return event | {"amount_cents": event["amount_cents"] // event["quantity"]}


GOOD = {
    "tel que l’étape 2 le décrit": sender(),
    "avec un champ de plus, et un JSON aéré": sender(
        body=_changed(asked_at="2025-03-01T10:00:00Z"),
        text=lambda body: json.dumps(body, indent=2, ensure_ascii=False).encode(),
    ),
}
LOSING = {
    "qui ne publie rien": sender(copies=lambda _: 0),
    "qui ne publie que la première fois": sender(copies=lambda number: int(number == 1)),
    "sous la clé `return.created`": sender(key="return.created"),
    "sous la clé `returns.requested`": sender(key="returns.requested"),
    "dans l’échange `amq.topic`": sender(exchange="amq.topic"),
    "d’un message que le courtier oublie en redémarrant": sender(mode=1),
}
LYING = {
    "qui n’est pas du JSON": sender(text=lambda body: str(body).encode()),
    "du montant d’un seul article": sender(body=_one_unit),
    "d’un montant en texte": sender(body=lambda e, _: e | {"amount_cents": str(e["amount_cents"])}),
    "d’un seul article, quelle que soit la quantité": sender(body=_changed(quantity=1)),
    "sans `sku`": sender(body=_without("sku")),
    "d’un autre type": sender(body=_changed(type="RETURN_COMPLETED")),
    "qui nomme toujours la même commande": sender(
        body=lambda event, _: event | {"order_id": "commande-1"}
    ),
}
DOUBLING = {
    "en double": sender(copies=lambda _: 2),
    "sans `message_id`": sender(message_id=lambda _: None),
    "dont le `message_id` n’est pas le `return_id`": sender(message_id=lambda id: f"{id}-bis"),
    "dont le corps ne porte pas le `return_id` annoncé": sender(body=_changed(return_id="retour")),
}
