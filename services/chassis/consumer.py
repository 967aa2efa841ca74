"""Consumer: one queue, one handler, one thread, and an acknowledgement only after the work.

A handler that fails is the message's fault or somebody else's. Somebody else's, a dependency or a
database that is away: the message waits here until it is back, and those behind it too, in order.
The message's: it is rejected, so that the quorum queue counts its deliveries, and after the limit
it goes to the dead-letter queue. `basic.reject` and not `nack`: since RabbitMQ 4.3 a nack no
longer counts (RabbitMQ docs, "Quorum Queues", "Poison Message Handling").
"""

import json
import logging
import time
from dataclasses import dataclass

from pika.exceptions import AMQPError
from sqlalchemy.exc import OperationalError

from services.chassis import amqp, metrics, telemetry
from services.chassis.calls import Unavailable
from services.chassis.errors import attempt
from services.chassis.faults import crash_point
from services.chassis.lifecycle import lifecycle
from services.chassis.retry import backoff

PREFETCH = 10
PATIENCE = 2.0  # seconds
TRANSIENT = (OperationalError, Unavailable)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Event:
    """An event as its handler sees it; `type` is the module's own word, ORDER_CREATED."""

    id: str
    type: str
    routing_key: str
    data: dict


class Consumer:
    """Consumes `queue`, bound to `routing_keys`, with `handler(session, event)`."""

    def __init__(self, database, inbox, queue, routing_keys, handler, prefetch, ordered):
        self.database, self.inbox, self.handler = database, inbox, handler
        self.queue, self.routing_keys, self.ordered = queue, routing_keys, ordered
        self.prefetch = prefetch

    def consume(self, connected):
        """Consume until the service stops; raise AMQPError when the connection is lost."""
        with amqp.connect(self.queue) as connection:
            channel = connection.channel()
            amqp.declare_queue(channel, self.queue, self.routing_keys, self.ordered)
            channel.basic_qos(prefetch_count=self.prefetch)
            connected()
            watch = Watch()
            for method, properties, body in channel.consume(self.queue, inactivity_timeout=0.2):
                if lifecycle.stopping.is_set():
                    return
                if method:
                    watch.delivered()
                    self._receive(channel, method, properties, body)
                elif watch.is_forgotten(channel, self.queue):
                    log.warning("Oublié par RabbitMQ, on se réabonne.", extra={"queue": self.queue})
                    return

    def _receive(self, channel, method, properties, body):
        headers = properties.headers or {}
        told = telemetry.consumed(self.queue, method, properties)
        with (
            telemetry.correlated(headers.get(telemetry.CORRELATION.lower())),
            telemetry.span(f"process {self.queue}", "consumer", told, headers) as span,
        ):
            outcome, error = attempt(self._work, channel.connection, method, body)
            if isinstance(error, AMQPError):
                raise error
            if error:
                telemetry.record_error(span, error)
                outcome = self._refuse(channel, method, headers, error)
            else:
                crash_point("consumer_before_ack")
                channel.basic_ack(method.delivery_tag)
        metrics.MESSAGES.labels(self.queue, outcome).inc()

    def _work(self, connection, method, body):
        """Handle the message, waiting out what is not its fault; say what became of it."""
        event = _decode(method, body)
        waits = 0
        while True:
            try:
                return self._handle(event)
            except TRANSIENT as error:
                if lifecycle.stopping.is_set():
                    raise
                log.warning("Un message attend.", extra={"queue": self.queue, "error": repr(error)})
                connection.sleep(backoff(waits, base=0.1, cap=2.0))
                waits += 1

    def _handle(self, event):
        with self.database.transaction() as session:
            first = self.inbox.first_time(session, self.queue, event.id)
            if first:
                self.handler(session, event)
            crash_point("consumer_before_commit")
        return "handled" if first else "duplicate"

    def _refuse(self, channel, method, headers, error):
        """Back to the queue, after a while; to the dead letters if it cannot even be read."""
        deliveries = 1 + headers.get("x-delivery-count", 0)
        hopeless = isinstance(error, Unreadable)
        log.error(
            "Un message n’a pas pu être traité.",
            exc_info=error,
            extra={"queue": self.queue, "deliveries": deliveries},
        )
        if not hopeless:
            channel.connection.sleep(backoff(deliveries, base=0.05, cap=1.0))
        channel.basic_reject(method.delivery_tag, requeue=not hopeless)
        return "dead" if hopeless or deliveries > amqp.DELIVERY_LIMIT else "rejected"


class Watch:
    """Notices that messages wait in the queue and that the broker delivers none of them.

    Seen on RabbitMQ 3.10, rarely: the next single active consumer, after the last one was killed,
    is never handed what it left. Subscribing again puts that right, and harms nobody else.
    """

    def __init__(self, clock=time.monotonic):
        self._clock = clock
        self._looked, self._waiting = clock(), 0

    def delivered(self):
        self._looked, self._waiting = self._clock(), 0

    def is_forgotten(self, channel, queue):
        """True when, at two looks PATIENCE seconds apart, as many messages wait, and not none."""
        if self._clock() - self._looked < PATIENCE:
            return False
        before, self._looked = self._waiting, self._clock()
        self._waiting = channel.queue_declare(queue, passive=True).method.message_count
        return 0 < self._waiting == before


class Unreadable(Exception):
    """The message is not one of our events, and never will be."""


def _decode(method, body):
    try:
        content = json.loads(body)
        return Event(content["id"], content["type"], method.routing_key, content["data"])
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable from error
