"""ch11.trace: a consumer that carries a trace on, from the message it reads to the one it writes.

Source: W3C Trace Context, section 3.2 (traceparent).
"""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

import pika
from pika.exceptions import AMQPError, ChannelClosedByBroker

from workbook.checks import Exercise, eventually, expect

if TYPE_CHECKING:
    from workbook.checks import Harness

EXCHANGE, QUEUE, KEY = "shop.events", "points.commandes", "points.earned"
SERVICE = "points"
FORM = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
NO_TRACE, NO_SPAN = 32 * "0", 16 * "0"
CORRELATION = "x-correlation-id"
SAME_HOUR = 3600.0  # seconds; a clock that does not tell the hour is years away

exercise = Exercise(
    "ch11.trace",
    title="Une seule trace à travers RabbitMQ",
    service=SERVICE,
    hints=(
        "Trois identifiants : celui de la trace ne change pas ; le segment de votre travail est "
        "neuf ; son parent est le segment qui a écrit le message.",
        "`TRACEPARENT.fullmatch(texte)` rend `None` si le texte n’a pas la bonne forme, sinon ses "
        "trois morceaux par `.groups()`. `secrets.token_hex(8)` tire 16 chiffres hexadécimaux.",
        "Ce qui part dit `00-<trace>-<votre segment>-<drapeaux>`. Sans contexte valable : "
        "`secrets.token_hex(16)` pour la trace, `None` pour le parent, `01` pour les drapeaux.",
    ),
)


@exercise.step("Le message suivant porte la même trace", points=1)
def carries_on(harness: Harness) -> None:
    _desk(harness).expect_carried([1])


@exercise.step("L’arbre est d’un seul tenant", points=2, after=carries_on)
def one_tree(harness: Harness) -> None:
    desk = _desk(harness)
    ((trace, parent, span),) = desk.expect_carried([1])
    desk.expect_linked(trace, parent, span)
    desk.expect_dated(trace, span)


@exercise.step("Chaque message a son segment", points=1, after=one_tree)
def a_span_each(harness: Harness) -> None:
    desk = _desk(harness)
    carried = desk.expect_carried([1, 2, 1, 2, 1])
    spans = {span for _, _, span in carried}
    expect(
        len(spans) == len(carried),
        seen=f"{len(carried)} messages, {len(spans)} identifiants de segment.",
        expected="un segment neuf par message",
        meaning="Cinq traitements seraient comptés pour un seul.",
    )
    for trace, parent, span in carried:
        desk.expect_linked(trace, parent, span)


@exercise.step("Le drapeau et l’identifiant de corrélation suivent", points=1, after=carries_on)
def keeps_the_rest(harness: Harness) -> None:
    desk = _desk(harness)
    for flags in ("00", "01"):
        identifier = harness.unique("client")
        sent = desk.send(f"00-{desk.draw(16)}-{desk.draw(8)}-{flags}", identifier)
        headers = desk.receive(sent)
        found = _context(headers)[2]
        expect(
            found == flags,
            seen=f"Reçu avec le drapeau {flags}, publié avec {found}.",
            expected=flags,
            meaning="01 demande que la trace soit gardée, 00 qu’elle ne le soit pas : celui qui "
            "a ouvert la trace a choisi pour tous.",
        )
        expect(
            headers.get(CORRELATION) == identifier,
            seen=f"{CORRELATION} reçu : {identifier}. Publié : {headers.get(CORRELATION)}.",
            expected=identifier,
            meaning="Qui cherche cet identifiant dans les journaux s’arrêterait ici.",
        )
    headers = desk.receive(desk.send(f"00-{desk.draw(16)}-{desk.draw(8)}-01"))
    expect(
        CORRELATION not in headers,
        seen=f"Reçu sans {CORRELATION}, après d’autres qui en avaient un. Publié : "
        f"{headers.get(CORRELATION)}.",
        expected=f"pas d’en-tête {CORRELATION}",
        meaning="Le suivant écrirait dans ses journaux un identifiant qui n’est pas le sien.",
    )


@exercise.step("Sans contexte valable, une trace neuve", points=1, after=one_tree)
def starts_anew(harness: Harness) -> None:
    desk = _desk(harness)
    trace, parent = desk.draw(16), desk.draw(8)
    bad = {
        "aucun en-tête": None,
        "un traceparent vide": "",
        "un traceparent illisible": "bonjour",
        "un identifiant trop court": f"00-{trace[:-1]}-{parent}-01",
        "un traceparent suivi d’autre chose": f"00-{trace}-{parent}-01-suite",
        "une trace toute de zéros": f"00-{NO_TRACE}-{parent}-01",
        "un parent tout de zéros": f"00-{trace}-{NO_SPAN}-01",
    }
    seen = {trace, NO_TRACE}
    for what, header in bad.items():
        found, span, _ = _context(desk.receive(desk.send(header), f" (reçu : {what})"))
        expect(
            found not in seen and span != NO_SPAN,
            seen=f"Reçu : {what}. Publié : 00-{found}-{span}-…",
            expected="une trace neuve, que personne d’autre ne porte",
            meaning="Toutes les requêtes mal étiquetées n’en feraient qu’une.",
        )
        seen.add(found)
        desk.expect_linked(found, None, span)


# -- the desk --------------------------------------------------------------------------------------


class _Desk:
    """Writes to the worker's queue, reads what it publishes, and what it says of itself."""

    def __init__(self, harness: Harness) -> None:
        self.harness = harness
        self.channel = harness.channel()
        self.channel.exchange_declare(EXCHANGE, "topic", durable=True)
        self.mine = self.channel.queue_declare("", exclusive=True).method.queue
        self.channel.queue_bind(self.mine, EXCHANGE, KEY)
        self.received: dict[str, dict] = {}
        self._await_queue()
        harness.closing.callback(_purge, harness)

    def draw(self, size: int) -> str:
        """An identifier of that many bytes, in hexadecimal."""
        return self.harness.random.randbytes(size).hex()

    def send(self, traceparent: str | None, identifier: str = "") -> str:
        """Put a confirmed order in the queue; return its id."""
        order = self.harness.unique("commande")
        data = {"order_id": order, "user_id": "alice", "total_cents": 3990}
        event = {"id": order, "type": "ORDER_CONFIRMED", "data": data}
        headers = {} if traceparent is None else {"traceparent": traceparent}
        if identifier:
            headers[CORRELATION] = identifier
        properties = pika.BasicProperties(headers=headers or None, message_id=order)
        self.channel.basic_publish("", QUEUE, json.dumps(event), properties)
        return order

    def receive(self, order: str, after: str = "") -> dict[str, Any]:
        """The headers of the event about `order`."""
        eventually(
            lambda: self._heard(order),
            seen=f"Une commande confirmée est dans « {QUEUE} »{after}, et rien n’est publié sous "
            f"{KEY}.",
            expected="un événement par commande",
        )
        return self.received[order]

    def expect_carried(self, customers: list[int]) -> list[tuple[str, str, str]]:
        """Send an order for each, all at once, a customer having one trace.

        Return the trace, the parent sent and the span published of each.
        """
        traces = {customer: self.draw(16) for customer in customers}
        plan = [(traces[customer], self.draw(8)) for customer in customers]
        sent = [self.send(f"00-{trace}-{parent}-01") for trace, parent in plan]
        carried = []
        for order, (trace, parent) in zip(sent, plan, strict=True):
            found, span, _ = _context(self.receive(order))
            expect(
                found == trace,
                seen=f"Reçu : trace {trace}. Publié : trace {found}.",
                expected="la même trace",
                meaning="La suite de la commande serait une autre histoire, que rien ne relie à "
                "la première.",
            )
            carried.append((trace, parent, span))
        return carried

    def expect_linked(self, trace: str, parent: str | None, outgoing: str) -> None:
        """From the span that the outgoing message names, the tree leads to `parent`."""
        expect(
            outgoing != parent,
            seen=f"Le message publié nomme le segment {outgoing} : celui que vous avez reçu.",
            expected="un segment neuf, celui de votre travail",
            meaning="Le temps passé dans « points » n’apparaîtrait nulle part.",
        )
        spans = eventually(
            lambda: {
                span["span_id"]: span.get("parent_id") or None
                for span in self.harness.shop.telemetry.spans(trace)
                if span["service"] == SERVICE
            },
            lambda spans: outgoing in spans,
            timeout=2.0,
            seen=lambda spans: (
                f"Le message publié nomme le segment {outgoing} ; « {SERVICE} » a écrit "
                f"{', '.join(spans) or 'aucun segment'} dans cette trace."
            ),
            expected="le segment de votre travail, écrit par `write_span`, dans la même trace",
            meaning="Le prochain service se rattacherait à un segment qui n’existe pas.",
        )
        path = [outgoing]
        while (above := spans.get(path[-1])) is not None and above not in path:
            path.append(above)
        expect(
            spans.get(path[-1], path[-1]) == parent,
            seen=f"Du message publié, on remonte par {' → '.join(path)}.",
            expected=f"le segment qui a écrit le message reçu : {parent}"
            if parent
            else "un segment sans parent : cette trace commence ici",
            meaning="L’arbre est coupé en deux : la durée de bout en bout est perdue.",
        )

    def expect_dated(self, trace: str, outgoing: str) -> None:
        """The span that was just written begins now, on the clock that all services share."""
        spans = self.harness.shop.telemetry.spans(trace)
        start, now = next(s["start"] for s in spans if s["span_id"] == outgoing), time.time()
        expect(
            abs(now - start) < SAME_HOUR,
            seen=f"Votre segment a start = {start:.0f} ; time.time() rend maintenant {now:.0f}.",
            expected="l’heure où votre travail commence, par time.time()",
            meaning="Votre segment serait dessiné loin des autres, hors de la commande.",
        )

    def _heard(self, order: str) -> bool:
        self.harness.service.require_running()
        while (message := self.channel.basic_get(self.mine, auto_ack=True))[0]:
            self.received[_order_of(message[2])] = message[1].headers or {}
        return order in self.received

    def _await_queue(self) -> None:
        eventually(
            self._declared,
            seen=f"La file « {QUEUE} » n’existe pas.",
            expected="un worker qui la déclare et la lit",
        )

    def _declared(self) -> bool:
        channel = self.harness.kept("probe", self.harness.channel)
        if channel.is_closed:
            channel = self.harness.channel()
        try:
            channel.queue_declare(QUEUE, passive=True)
        except ChannelClosedByBroker:
            return False
        return True


def _desk(harness: Harness) -> _Desk:
    return harness.kept("desk", lambda: _Desk(harness))


def _order_of(body: bytes) -> str:
    try:
        return str(json.loads(body)["data"]["order_id"])
    except (ValueError, KeyError, TypeError):
        return ""


def _context(headers: dict[str, Any]) -> tuple[str, str, str]:
    """Trace, span and flags of a published message; incorrect when it carries none."""
    header = headers.get("traceparent")
    match = FORM.fullmatch(header) if isinstance(header, str) else None
    expect(
        match,
        seen=f"Le message publié porte traceparent = {header!r}.",
        expected="00-<32 chiffres hexadécimaux>-<16>-<2>, en minuscules",
        meaning="Le prochain service n’y verrait rien, et ouvrirait une autre trace.",
    )
    return match.groups()


def _purge(harness: Harness) -> None:
    """What a dead worker left unread must not judge the next one."""
    try:
        with pika.BlockingConnection(pika.URLParameters(harness.shop.broker.url)) as connection:
            connection.channel().queue_purge(QUEUE)
    except AMQPError:
        return
