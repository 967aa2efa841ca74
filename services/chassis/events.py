"""Events: what this service publishes to RabbitMQ, and what it consumes.

    events = Events(database)
    events.record(session, "order.created", order_id, {"order_id": order_id})

    REACTIONS = {"order.confirmed": send_email}     # each is called with (session, event)
    events.consume(REACTIONS, queue="orders")

The relay and every consumer have a thread and a connection each: pika's connections are not to be
shared between threads. All reconnect, with backoff and jitter, for as long as the service lives.
"""

import logging
import threading
import time

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.exc import SQLAlchemyError

from services.chassis import amqp, lease, metrics, outbox, settings
from services.chassis import inbox as inboxes
from services.chassis.consumer import PREFETCH, Consumer
from services.chassis.errors import caught
from services.chassis.lifecycle import lifecycle
from services.chassis.retry import backoff

POLL_SECONDS = 0.25
CLEAN_SECONDS = 600
FLUSH_SECONDS = 2
log = logging.getLogger(__name__)


class Events:
    """The events of a service: `database` holds its outbox and its inbox."""

    def __init__(self, database):
        for module in (outbox, inboxes, lease):
            database.include(module.Base)
        self.database = database
        self.relay = outbox.Relay(database)
        self.inbox = inboxes.Inbox(database)
        self.consumers = []
        self._recorded = threading.Event()
        lifecycle.on_start(self._start)

    def record(self, session, routing_key, key, data, *, mandatory=True):
        """Store an event in the caller's transaction; it is published once that has committed.

        Events of one `key` (the order's id) are published in the order recorded. A mandatory one
        waits in the outbox, and those of its key behind it, until a queue is bound for it; give
        `mandatory=False` to an event that nobody needs to consume. Returns the event's id.
        """
        self.database.after_commit(session, self._recorded.set)
        return outbox.record(session, routing_key, key, data, mandatory)

    def consume(self, reactions, queue, prefetch=PREFETCH, ordered=False):
        """Consume from the queue `<service>.<queue>`; `reactions`: {routing key: handler}.

        List the keys in the order in which the events of one order are published: a new
        subscriber then gets all events of an order, or none (amqp.declare_queue).

        A handler gets (session, event); its transaction also marks the event as handled, and
        then the message is acknowledged. With `ordered`, of all instances one consumes at a time.
        """
        name = f"{settings.service_name()}.{queue}"
        self.consumers.append(
            Consumer(self.database, self.inbox, name, reactions, prefetch, ordered)
        )

    def _start(self):
        metrics.registry.register(OutboxLag(self.relay))
        if not settings.rabbitmq_url():
            return
        lifecycle.background(lambda: persist("relay", self._relay))
        for consumer in self.consumers:
            lifecycle.background(lambda one=consumer: persist(one.queue, one.consume))

    def _relay(self, connected):
        with amqp.connect("relay") as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            amqp.declare_exchanges(channel)
            connected()
            while not lifecycle.stopping.is_set():
                self._clean_at_times()
                self._recorded.clear()
                if not self.relay.run_once(channel):
                    self._recorded.wait(POLL_SECONDS)
                connection.process_data_events(0)
            self._flush(channel)

    def _flush(self, channel):
        """The service stops: publish what its last requests recorded, without insisting."""
        until = time.monotonic() + FLUSH_SECONDS
        while self.relay.run_once(channel) and time.monotonic() < until:
            pass

    _clean_next = 0.0

    def _clean_at_times(self):
        if time.monotonic() >= self._clean_next:
            self._clean_next = time.monotonic() + CLEAN_SECONDS
            self.relay.forget_old()
            self.inbox.forget_old()


class OutboxLag:
    """A Prometheus collector: how far the relay is behind what the service has recorded."""

    def __init__(self, relay):
        self.relay = relay

    def describe(self):
        return ()

    def collect(self):
        try:
            count, seconds = self.relay.lag()
        except SQLAlchemyError:  # readiness says that the database is away; metrics go on
            return
        yield GaugeMetricFamily("outbox_pending_events", "Events not published yet.", count)
        yield GaugeMetricFamily(
            "outbox_oldest_pending_seconds", "Age of the oldest event not published yet.", seconds
        )


def persist(purpose, work):
    """Run `work(connected)` until the service stops, again whenever it fails, later and later."""
    failures = 0

    def connected():
        nonlocal failures
        failures = 0

    while not lifecycle.stopping.is_set():
        _, error = caught(work, connected)
        if error:
            failures += 1
            wait = backoff(failures, base=0.1, cap=2.0)
            extra = {"purpose": purpose, "error": repr(error), "retry_in": wait}
            log.warning("Le lien avec RabbitMQ est rompu ; nouvel essai.", extra=extra)
            lifecycle.stopping.wait(wait)
