"""Events: what happened here, told through RabbitMQ to whoever wants to know.

    events = Events(app, database)
    events.record(session, "order.created", order_id, {"order_id": order_id})

    @events.on("order.confirmed", queue="orders")
    def send_email(session, event): ...

The relay and every consumer have a thread and a connection each: pika's connections are not to be
shared between threads. Both reconnect, with backoff and jitter, for as long as the service lives.
"""

import json
import logging
import threading
from dataclasses import dataclass

import pika
from pika.exceptions import AMQPError
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.exc import OperationalError

from services.chassis import amqp, inbox, metrics, outbox, settings, telemetry
from services.chassis.calls import Unavailable
from services.chassis.errors import attempt
from services.chassis.faults import crash_point
from services.chassis.lifecycle import lifecycle
from services.chassis.retry import backoff

POLL_SECONDS = 0.25
PREFETCH = 10
TRANSIENT = (OperationalError, Unavailable)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Event:
    """An event as its handler sees it; `type` is the module's own word, ORDER_CREATED."""

    id: str
    type: str
    routing_key: str
    data: dict


class Events:
    """The events a service records and those it reacts to."""

    def __init__(self, app, database):
        self.database = database
        database.include(outbox.Base)
        database.include(inbox.Base)
        self.relay = outbox.Relay(database)
        self.recorded = threading.Event()
        self.consumers = []
        app.on_start(self._start)

    def record(self, session, routing_key, key, data, *, mandatory=True):
        """Store an event in the caller's transaction; it is published once that has committed.

        Events of one `key` (the order's id) are published in the order recorded. A mandatory one
        waits in the outbox until somebody has bound a queue for it; give `mandatory=False` to an
        event that nobody needs to hear.
        """
        outbox.record(session, routing_key, key, data, mandatory)
        if not sqlalchemy_event.contains(session, "after_commit", self._wake):
            sqlalchemy_event.listen(session, "after_commit", self._wake)

    def on(self, *routing_keys, queue, prefetch=PREFETCH, ordered=False):
        """Consume the events with these routing keys from the queue `<service>.<queue>`.

        The handler gets (session, event); its transaction also marks the event as handled, then
        the message is acknowledged. With `ordered` only one instance consumes at a time.
        """

        def register(handler):
            name = f"{settings.service_name()}.{queue}"
            consumer = Consumer(self.database, name, routing_keys, handler, prefetch, ordered)
            self.consumers.append(consumer)
            return handler

        return register

    def _start(self):
        if not settings.rabbitmq_url():
            return
        lifecycle.background(lambda: _persist("relay", self._relay))
        for consumer in self.consumers:
            lifecycle.background(lambda one=consumer: _persist(one.queue, one.consume))

    def _wake(self, session):
        self.recorded.set()

    def _relay(self, connected):
        connection = amqp.connect("relay")
        with connection:
            channel = connection.channel()
            channel.confirm_delivery()
            amqp.declare_exchanges(channel)
            connected()
            while not lifecycle.stopping.is_set():
                self.recorded.clear()
                if not self.relay.run_once(channel):
                    self.recorded.wait(POLL_SECONDS)
                connection.process_data_events(0)
            self.relay.run_once(channel)


class Consumer:
    """One queue, one handler, one thread."""

    def __init__(self, database, queue, routing_keys, handler, prefetch, ordered):
        self.database, self.queue, self.routing_keys = database, queue, routing_keys
        self.handler, self.prefetch, self.ordered = handler, prefetch, ordered

    def consume(self, connected):
        with amqp.connect(self.queue) as connection:
            channel = connection.channel()
            amqp.declare_queue(channel, self.queue, self.routing_keys, self.ordered)
            channel.basic_qos(prefetch_count=self.prefetch)
            connected()
            for method, properties, body in channel.consume(self.queue, inactivity_timeout=0.2):
                if lifecycle.stopping.is_set():
                    return
                if method:
                    self._receive(connection, channel, method, properties, body)

    def _receive(self, connection, channel, method, properties, body):
        headers = properties.headers or {}
        attributes = {
            "messaging.system": "rabbitmq",
            "messaging.destination.name": method.exchange,
            "messaging.destination.subscription.name": self.queue,
            "messaging.rabbitmq.destination.routing_key": method.routing_key,
            "messaging.message.id": properties.message_id or "",
        }
        with (
            telemetry.correlated(headers.get("x-correlation-id")),
            telemetry.span(f"process {self.queue}", "consumer", attributes, headers),
        ):
            event, error = attempt(_decode, method, body)
            if error is None:
                _, error = attempt(self._handle_in_time, connection, event)
            if error:
                telemetry.record_error(error)
                log.error("Un message de %s n'a pas pu être traité.", self.queue, exc_info=error)
                channel.basic_reject(method.delivery_tag, requeue=event is not None)
            else:
                crash_point("consumer_before_ack")
                channel.basic_ack(method.delivery_tag)
        metrics.MESSAGES.labels(self.queue, "rejected" if error else "handled").inc()

    def _handle_in_time(self, connection, event):
        """Handle, and wait out what is not the message's fault: a dependency that is away."""
        pauses = 0
        while True:
            try:
                return self._handle(event)
            except TRANSIENT:
                if lifecycle.stopping.is_set():
                    raise
                connection.sleep(backoff(pauses, base=0.1, cap=2.0))
                pauses += 1

    def _handle(self, event):
        with self.database.transaction() as session:
            if inbox.first_time(session, self.queue, event.id):
                self.handler(session, event)
            crash_point("consumer_before_commit")


def _decode(method, body):
    content = json.loads(body)
    return Event(content["id"], content["type"], method.routing_key, content["data"])


def _persist(purpose, work):
    """Run `work(connected)` again whenever its connection is lost, later and later."""
    tries = 0

    def connected():
        nonlocal tries
        tries = 0

    while not lifecycle.stopping.is_set():
        try:
            work(connected)
        except (AMQPError, OSError, OperationalError, pika.exceptions.ReentrancyError) as error:
            log.warning(
                "RabbitMQ est perdu (%s) ; nouvel essai.", purpose, extra={"error": repr(error)}
            )
        lifecycle.stopping.wait(backoff(tries, base=0.2, cap=3.0))
        tries += 1
