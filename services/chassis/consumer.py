"""Consumer: one queue, one thread, and an acknowledgement only after the work.

When a handler fails:
- a dependency or the database is away: the message waits here until it is back, and those behind
  it too, in order;
- anything else: it is tried again a few times, here too, then rejected to the dead-letter queue.

Only a failed handler counts against a message. The delivery limit of a quorum queue would count
the death of a consumer against every message it had prefetched, so the queues have none (amqp.py):
a message that kills its process kills it again, which is seen, and condemns no other.
"""

import json
import logging
import time
from dataclasses import dataclass

from sqlalchemy.exc import OperationalError

from services.chassis import amqp, metrics, outbox, telemetry
from services.chassis.calls import Unavailable
from services.chassis.errors import caught
from services.chassis.faults import crash_point
from services.chassis.lifecycle import lifecycle
from services.chassis.retry import backoff

PREFETCH = 10
RETRIES = 5
PATIENCE = 2.0  # seconds
TRANSIENT = (OperationalError, Unavailable)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Event:
    """An event as its handler sees it; `type` is the routing key in capitals, ORDER_CREATED."""

    id: str
    type: str
    routing_key: str
    data: dict


class Consumer:
    """Consumes `queue`; `reactions` are its binding keys, each with its handler."""

    def __init__(self, database, inbox, queue, reactions, prefetch, ordered):
        self.database, self.inbox, self.queue = database, inbox, queue
        self.prefetch, self.ordered = prefetch, ordered
        self.routing_keys = tuple(reactions)
        self.handlers = {outbox.event_type(key): react for key, react in reactions.items()}

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
        attributes = telemetry.consumed(self.queue, method, properties)
        with (
            telemetry.correlated(headers.get(telemetry.CORRELATION.lower())),
            telemetry.span(f"process {self.queue}", "consumer", attributes, headers) as span,
        ):
            outcome = self._work(channel.connection, method, body, span)
            log.info("%s → %s", method.routing_key, outcome, extra={"queue": self.queue})
            if outcome == "dead":
                channel.basic_reject(method.delivery_tag, requeue=False)
            elif outcome != "left":
                crash_point("consumer_before_ack")
                channel.basic_ack(method.delivery_tag)
        metrics.MESSAGES.labels(self.queue, outcome).inc()

    def _work(self, connection, method, body, span):
        """Handle the message until something has become of it: handled, duplicate or dead.

        "left" when the service stops first: unacknowledged, it goes back to the queue.
        """
        failures = waits = 0
        while not lifecycle.stopping.is_set():
            outcome, error = caught(self._handle, method, body)
            if error is None:
                return outcome
            if isinstance(error, TRANSIENT):
                log.warning("Un message attend.", extra={"queue": self.queue, "error": repr(error)})
                pause, waits = backoff(waits, base=0.1, cap=2.0), waits + 1
            else:
                failures += 1
                self._tell(span, error, failures)
                if isinstance(error, Unreadable) or failures > RETRIES:
                    return "dead"
                pause = backoff(failures, base=0.05, cap=1.0)
            connection.sleep(pause)
        return "left"

    def _handle(self, method, body):
        event = _decode(method, body)
        with self.database.transaction() as session:
            first = self.inbox.first_time(session, self.queue, event.id)
            if first:
                self.handlers[event.type](session, event)
            crash_point("consumer_before_commit")
        return "handled" if first else "duplicate"

    def _tell(self, span, error, failures):
        telemetry.record_error(span, error)
        log.error(
            "Un message n’a pas pu être traité.",
            exc_info=error,
            extra={"queue": self.queue, "failures": failures},
        )


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
    """The message is not an event as outbox.py writes them, and never will be."""


def _decode(method, body):
    try:
        content = json.loads(body)
        return Event(content["id"], content["type"], method.routing_key, content["data"])
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable from error
