"""lab4.publisher: Orders takes a return, and answers 202 once its event is safe, not before."""

from __future__ import annotations

import socket
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from course.lab4.bench import decoded, event_of, request_of
from course.lab4.relay import Relay
from workbook.checks import Exercise, Incorrect, NotAttempted, eventually, expect
from workbook.checks.callers import together
from workbook.checks.harness import death
from workbook.checks.learner import finding_in_log
from workbook.checks.outcome import Finding
from workbook.failures.worker import Server
from workbook.shop import direct
from workbook.waiting import patient

if TYPE_CHECKING:
    from workbook.checks import Harness
    from workbook.failures.worker import Bench

EXCHANGE, KEY = "shop.events", "return.requested"
TIMEOUT = 20.0
ALL_AT_ONCE = 6
PERSISTENT = 2
LATE = 0.15  # seconds a confirmation takes, so that those of one moment wait together
SILENCE = 0.6  # seconds before a connection is cut on which a message was lost

exercise = Exercise(
    "lab4.publisher",
    title="Publier une demande de retour",
    service="orders",
    hints=(
        "L’identifiant du retour se **déduit** de la commande, il ne se tire pas au hasard : c’est "
        "ainsi qu’un second envoi se reconnaît.",
        "Une connexion de pika ne sert qu’à un *thread*, et votre service en a plusieurs : ouvrez-"
        "en une par requête, avec `with`.",
        "`confirm_delivery()`, `mandatory=True` et `delivery_mode=2`, puis "
        "`except pika.exceptions.AMQPError: abort(503)`. Le `with` est dans le `try`.",
    ),
)


class Orders(Server):
    """A life of the learner's Orders, with a virtual host of its own."""

    def __init__(self, bench: Bench, source: Path, place: str = "", broker: str = "") -> None:
        self._elsewhere = broker
        super().__init__(bench, "orders", source, place)

    def environment(self) -> dict[str, str]:
        """Where nobody listens, if told so."""
        told = super().environment()
        return told | {"RABBITMQ_URL": self._elsewhere} if self._elsewhere else told

    def complain_of_end(self, how: str) -> None:
        """It died, and nobody killed it."""
        raise death(self.name, self.output, str(self.script), how)

    def complain_of_queue(self) -> None:
        """It runs, and serves nothing."""
        raise Incorrect(
            Finding(
                seen="Votre fichier tourne, mais n’écoute pas : il ne définit pas `app`, ou attend "
                "le courtier avant de servir.",
                expected="`app = Flask(__name__)`, que la boutique met en service",
            )
        )

    def give_back(self, body: object) -> requests.Response:
        """`POST /returns`."""
        try:
            with direct.session() as session:
                answer = session.post(f"{self.url}/returns", json=body, timeout=patient(TIMEOUT))
        except requests.RequestException as error:
            self.require_running()
            raise Incorrect(
                Finding(
                    seen="Orders ne répond pas à POST /returns.",
                    expected="une réponse, même quand le courtier est mort",
                    meaning="Le client attendrait devant une page blanche.",
                )
            ) from error
        if answer.status_code == 501:
            raise NotAttempted("POST /returns répond 501 : cette route reste à écrire.")
        return answer

    def told(self, answer: requests.Response) -> str:
        """An answer in short; of a 500, the exception behind it."""
        if answer.status_code == 500 and (found := finding_in_log(self.output, str(self.script))):
            return f"500, {found.seen}" + (f" ({found.code})" if found.code else "")
        return f"{answer.status_code} {answer.text[:160]}".strip()

    def accepted(self, request: dict, when: str = "") -> dict:
        """The body of a 202."""
        answer = self.give_back(request)
        body = decoded(answer.content) if answer.status_code == 202 else None
        expect(
            isinstance(body, dict) and isinstance(body.get("return_id"), str) and body["return_id"],
            seen=f"POST /returns{when} : Orders répond {self.told(answer)}",
            expected='202 et {"return_id": …}, un texte',
            meaning="Le client ne saurait pas si son retour est pris.",
        )
        return body

    def expect_unavailable(self, when: str, meaning: str, request: dict | None = None) -> None:
        """A return that is not safe is refused."""
        answer = self.give_back(request or request_of(self.bench))
        expect(
            answer.status_code == 503,
            seen=f"{when} : Orders répond {self.told(answer)}",
            expected="503 : le retour n’est pas en lieu sûr",
            meaning=meaning,
        )


@exercise.step("Un retour pris est un événement publié", points=2)
def publishes(harness: Harness) -> None:
    service, queue = _orders(harness), _listen(harness)
    for quantity in (1, 3):
        request = request_of(harness, quantity=quantity)
        answer = service.accepted(request)
        _, body = _received(service, queue)
        wanted = event_of(request) | {"return_id": answer["return_id"]}
        event = decoded(body)
        expect(
            isinstance(event, dict) and wanted.items() <= event.items(),
            seen=f"Sous la clé `{KEY}` arrive {body.decode(errors='replace')[:300]}",
            expected=f"en JSON : {wanted}",
            meaning="Qui lit la file ne saurait ni quoi reprendre, ni combien rembourser.",
        )


@exercise.step("Il survit au courtier, et porte son identifiant", points=1, after=publishes)
def is_persistent(harness: Harness) -> None:
    service, queue = _orders(harness), _listen(harness)
    answer = service.accepted(request_of(harness))
    properties, _ = _received(service, queue)
    expect(
        properties.delivery_mode == PERSISTENT,
        seen=f"Le message porte delivery_mode={properties.delivery_mode}.",
        expected="`delivery_mode=2`, persistant",
        meaning="Au prochain redémarrage de RabbitMQ, les retours en attente disparaîtraient.",
    )
    expect(
        properties.message_id == answer["return_id"],
        seen=f"Le message porte message_id={properties.message_id!r}, et Orders a répondu "
        f"{answer['return_id']!r}.",
        expected="le même, le `return_id`",
        meaning="Le lecteur ne pourrait pas reconnaître un doublon.",
    )


@exercise.step("Le même retour, envoyé deux fois, porte le même nom", points=1, after=publishes)
def names_it_once(harness: Harness) -> None:
    service = _orders(harness)
    _listen(harness)
    request = request_of(harness)
    ids = {service.accepted(request)["return_id"] for _ in range(2)}
    service.kill()
    service.start(fresh=True)  # where hash() of a text is another
    ids.add(service.accepted(request, ", Orders tué puis relancé")["return_id"])
    expect(
        len(ids) == 1,
        seen=f"Trois envois du même retour, l’un après un redémarrage : {', '.join(sorted(ids))}.",
        expected="un seul `return_id` : la réponse s’était perdue",
        meaning="Le client serait remboursé deux fois.",
    )
    changed = request | {"quantity": 1, "amount_cents": 3990}
    again = service.accepted(changed, ", la même commande, une autre quantité")["return_id"]
    expect(
        again in ids,
        seen=f"La même commande, d’abord pour 2 articles, puis pour 1 : {', '.join(ids)}, puis "
        f"{again}.",
        expected="le même `return_id` : il ne dépend que de `order_id`",
        meaning="Le client serait remboursé deux fois.",
    )
    other = service.accepted(request_of(harness))["return_id"]
    expect(
        other not in ids,
        seen=f"Le retour d’une autre commande porte le même nom, {other}.",
        expected="un autre `return_id`",
        meaning="Le second client ne serait jamais remboursé.",
    )
    _empty(harness)


@exercise.step("Plusieurs retours au même moment", points=1, after=publishes)
def holds_together(harness: Harness) -> None:
    service, queue = _orders(harness), _listen(harness)
    _empty(harness)  # of what a step that was refused has left
    asked = [request_of(harness) for _ in range(ALL_AT_ONCE)]
    for _ in range(2):  # who published a return once may know it, and publish it no more
        together([partial(service.accepted, request, ", avec cinq autres") for request in asked])
    received = [decoded(_received(service, queue)[1]) for _ in asked]
    _empty(harness)
    orders = {event.get("order_id") for event in received if isinstance(event, dict)}
    expect(
        orders == {request["order_id"] for request in asked},
        seen=f"{ALL_AT_ONCE} retours au même moment ; les événements en nomment {len(orders)}.",
        expected=f"les {ALL_AT_ONCE}",
        meaning="Deux requêtes parlent dans la même connexion, et se brouillent.",
    )
    _expect_all_confirmed(harness)


def _expect_all_confirmed(harness: Harness) -> None:
    """The same where a confirmation takes its time: who shares a connection shares it for long."""
    service, relay, queue = _relayed(harness)
    asked = [request_of(harness) for _ in range(ALL_AT_ONCE)]
    when = ", avec cinq autres, devant un courtier lent à confirmer"
    relay.late = LATE
    try:
        together([partial(service.accepted, request, when) for request in asked])
    finally:
        relay.late = 0.0
    for _ in asked:
        _received(service, queue)


@exercise.step(
    "202 seulement si l’événement est en lieu sûr", points=2, after=publishes, timeout=30
)
def says_when_it_is_not(harness: Harness) -> None:
    service, request = _orders(harness), request_of(harness)
    _forget(harness)
    service.expect_unavailable(
        "Aucune file n’attend les retours",
        "Le courtier a jeté le retour ; le client attend un remboursement qui ne viendra pas.",
        request,
    )
    channel = service.channel
    arguments = {"x-max-length": 0, "x-overflow": "reject-publish"}
    full = channel.queue_declare("", exclusive=True, arguments=arguments).method.queue
    channel.queue_bind(full, EXCHANGE, KEY)
    service.expect_unavailable(
        "La file est pleine, le courtier refuse le message",
        "Le retour est perdu, et passe pour pris.",
    )
    channel.queue_delete(full)
    queue = _listen(harness)
    _empty(harness)
    service.accepted(request, ", la même demande, la file revenue")
    _received(service, queue)
    _empty(harness)
    lonely = Orders(harness, harness.service.source, "-seul", _nowhere(harness))
    lonely.start()
    lonely.expect_unavailable(
        "Personne n’écoute à l’adresse du courtier",
        "Le client lirait une erreur interne, ou attendrait sans fin.",
    )
    _expect_no_promise(harness)


def _expect_no_promise(harness: Harness) -> None:
    """Lose a message on its way: whoever has answered 202 had not heard the broker confirm."""
    service, relay, queue = _relayed(harness)
    relay.lose_the_next()
    answer = service.give_back(request_of(harness))
    _, _, body = service.channel.basic_get(queue, auto_ack=True)
    expect(
        answer.status_code != 202 or body is not None,
        seen="Le message se perd en route, puis la connexion est coupée ; Orders répond "
        f"{service.told(answer)}",
        expected="503 ; 202 seulement une fois que le courtier a confirmé",
        meaning="Le client attend un remboursement dont personne n’a entendu parler.",
    )


# -- the place -------------------------------------------------------------------------------------


def _orders(harness: Harness) -> Orders:
    def start() -> Orders:
        service = Orders(harness, harness.service.source)
        service.start()
        return service

    return harness.kept("orders", start)


def _relayed(harness: Harness) -> tuple[Orders, Relay, str]:
    """A life that reaches its broker by way of a relay, and has; with a queue that waits there."""
    place = "-relais"

    def start() -> tuple[Orders, Relay, str]:
        relay = harness.closing.enter_context(Relay(harness.url(place), SILENCE))
        service = Orders(harness, harness.service.source, place, relay.url)
        queue = service.channel.queue_declare("", exclusive=True).method.queue
        service.channel.queue_bind(queue, EXCHANGE, KEY)
        service.start()
        service.accepted(request_of(harness))
        _received(service, queue)
        return service, relay, queue

    return harness.kept("relayed", start)


def _listen(harness: Harness) -> str:
    """A queue that waits for returns."""
    channel = _orders(harness).channel
    queue = harness.kept("queue", lambda: channel.queue_declare("", exclusive=True).method.queue)
    channel.queue_bind(queue, EXCHANGE, KEY)
    return queue


def _forget(harness: Harness) -> None:
    _orders(harness).channel.queue_unbind(_listen(harness), EXCHANGE, KEY)


def _empty(harness: Harness) -> None:
    _orders(harness).channel.queue_purge(_listen(harness))


def _received(service: Orders, queue: str) -> tuple[Any, bytes]:
    _, properties, body = eventually(
        lambda: service.channel.basic_get(queue, auto_ack=True),
        lambda got: got[2] is not None,
        timeout=1.0,  # what is confirmed is in the queue
        seen=f"Orders a répondu 202, et rien n’arrive sous la clé `{KEY}`.",
        expected=f"un message sur « {EXCHANGE} », sous cette clé",
        meaning="Le client attend un remboursement dont personne n’a entendu parler.",
    )
    return properties, body


def _nowhere(harness: Harness) -> str:
    """The URL of a broker where nobody listens."""
    deaf = socket.socket()
    harness.closing.callback(deaf.close)
    deaf.bind(("127.0.0.1", 0))
    return f"amqp://guest:guest@127.0.0.1:{deaf.getsockname()[1]}/%2F"
