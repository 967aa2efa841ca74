"""Events: what happened here, told through RabbitMQ to whoever wants to know.

    events = Events(app, database)
    events.record(session, "order.created", order_id, {"order_id": order_id})

    @events.on("order.confirmed", queue="orders")
    def send_email(session, event): ...

The relay and every consumer have a thread and a connection each: pika's connections are not to be
shared between threads. All reconnect, with backoff and jitter, for as long as the service lives.
"""

import logging
import threading
import time

import sqlalchemy
from prometheus_client.core import GaugeMetricFamily

from services.chassis import amqp, lease, metrics, outbox, settings
from services.chassis import inbox as inboxes
from services.chassis.consumer import PREFETCH, Consumer
from services.chassis.errors import attempt
from services.chassis.lifecycle import lifecycle
from services.chassis.retry import backoff

POLL_SECONDS = 0.25
CLEAN_SECONDS = 600
FLUSH_SECONDS = 2
log = logging.getLogger(__name__)


class Events:
    """The events a service records and those it reacts to."""

    def __init__(self, app, database):
        for module in (outbox, inboxes, lease):
            database.include(module.Base)
        self.database = database
        self.relay = outbox.Relay(database)
        self.inbox = inboxes.Inbox(database)
        self.consumers = []
        self._recorded = threading.Event()
        app.on_start(self._start)

    def record(self, session, routing_key, key, data, *, mandatory=True):
        """Store an event in the caller's transaction; it is published once that has committed.

        Events of one `key` (the order's id) are published in the order recorded. A mandatory one
        waits in the outbox, and those of its key behind it, until somebody has bound a queue for
        it; give `mandatory=False` to an event that nobody needs to hear. Returns the event's id.
        """
        listened = sqlalchemy.event.contains(session, "after_commit", self._wake)
        if not listened:
            sqlalchemy.event.listen(session, "after_commit", self._wake)
        return outbox.record(session, routing_key, key, data, mandatory)

    def on(self, *routing_keys, queue, prefetch=PREFETCH, ordered=False):
        """Consume the events with these routing keys from the queue `<service>.<queue>`.

        List the keys as they come in a life, the first event first: an instance that subscribes
        while events are published hears of a life from its beginning, or not at all.

        The handler gets (session, event); its transaction also marks the event as handled, and
        then the message is acknowledged. With `ordered`, of all instances one consumes at a time.
        """

        def register(handler):
            name = f"{settings.service_name()}.{queue}"
            self.consumers.append(
                Consumer(self.database, self.inbox, name, routing_keys, handler, prefetch, ordered)
            )
            return handler

        return register

    def _start(self):
        metrics.registry.register(OutboxLag(self.relay))
        if not settings.rabbitmq_url():
            return
        lifecycle.background(lambda: persist("relay", self._relay))
        for consumer in self.consumers:
            lifecycle.background(lambda one=consumer: persist(one.queue, one.consume))

    def _wake(self, session):
        self._recorded.set()

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
        lag, error = attempt(self.relay.lag)
        if error:
            return
        count, seconds = lag
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
        _, error = attempt(work, connected)
        if error:
            failures += 1
            wait = backoff(failures, base=0.1, cap=2.0)
            extra = {"purpose": purpose, "error": repr(error), "retry_in": wait}
            log.warning("Le lien avec RabbitMQ est rompu ; nouvel essai.", extra=extra)
            lifecycle.stopping.wait(wait)
