"""Transactional outbox: an event is stored in the same transaction as the change it reports, and
a relay publishes it afterwards (microservices.io, "Transactional outbox", "Polling publisher").

The relay publishes with confirms, persistent and mandatory, and marks a row as published once the
broker has confirmed it. After a crash between the two it publishes again; the consumers' inboxes
recognise the duplicate. Events of one key are published in the order recorded.
"""

import json
import time
import uuid
from datetime import UTC, datetime
from itertools import islice

from pika.exceptions import NackError, UnroutableError
from sqlalchemy import Boolean, Float, Index, String, Text, delete, func, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis import amqp, clock, telemetry
from services.chassis.faults import crash_point
from services.chassis.lease import Lease
from services.chassis.retry import backoff

BATCH = 100
KEPT_SECONDS = 3600


class Base(DeclarativeBase):
    pass


class Stored(Base):
    """An event to publish; once published, since when. Epoch seconds, for people to read."""

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_pending", "published_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    message_id: Mapped[str] = mapped_column(String(36), unique=True)
    routing_key: Mapped[str] = mapped_column(String(255))
    key: Mapped[str] = mapped_column(String(200))
    mandatory: Mapped[bool] = mapped_column(Boolean)
    body: Mapped[str] = mapped_column(Text)
    headers: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[float] = mapped_column(Float)
    attempts: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[float | None] = mapped_column(Float)


PENDING = Stored.published_at.is_(None)


def record(session, routing_key, key, data, mandatory=True):
    """Store an event in the caller's transaction; return its id."""
    message_id = str(uuid.uuid4())
    body = {
        "id": message_id,
        "type": event_type(routing_key),
        "occurred_at": datetime.now(UTC).isoformat(),
        "data": data,
    }
    stored = Stored(
        message_id=message_id,
        routing_key=routing_key,
        key=str(key),
        mandatory=mandatory,
        body=json.dumps(body, ensure_ascii=False),
        headers=json.dumps(telemetry.inject({})),
        recorded_at=time.time(),
    )
    session.add(stored)
    return message_id


def event_type(routing_key):
    """The type of the events with this routing key: ORDER_CREATED for order.created."""
    return routing_key.replace(".", "_").upper()


class Relay:
    """Publishes what the outbox of `database` holds; of several relays, one works at a time."""

    def __init__(self, database, now=clock.now):
        self.database, self._now = database, now
        self._held_back = {}  # key: until when, by our own clock
        # Two relays at once could publish two events of one order in the wrong order.
        self.lease = Lease(database, "relay", now)

    def run_once(self, channel):
        """Publish a batch through `channel`, in confirm mode; return how many events left."""
        if not self.lease.take():
            return 0
        done = 0
        for event in self._pending():
            if event.key in self._held_back:
                continue
            if not self.lease.held():
                break
            crash_point("relay_before_publish")
            if self._publish(channel, event):
                crash_point("relay_after_publish")
                self._change(event, published_at=time.time())
                done += 1
            else:
                wait = backoff(event.attempts, base=0.5, cap=5.0)
                self._held_back[event.key] = self._now() + wait
                self._change(event, attempts=event.attempts + 1)
        return done

    def lag(self):
        """How many events wait, and for how many seconds the oldest of them has."""
        query = select(func.count(), func.min(Stored.recorded_at)).where(PENDING)
        with self.database.reading() as session:
            count, oldest = session.execute(query).one()
        return count, (time.time() - oldest if oldest else 0.0)

    def forget_old(self):
        """Delete what was published more than KEPT_SECONDS ago."""
        with self.database.transaction() as session:
            session.execute(delete(Stored).where(Stored.published_at < time.time() - KEPT_SECONDS))

    def _pending(self):
        """The oldest pending events, without those of a key whose first one has to wait."""
        now = self._now()
        self._held_back = {key: until for key, until in self._held_back.items() if until > now}
        query = select(Stored).where(PENDING).order_by(Stored.id)
        with self.database.reading() as session:
            events = session.scalars(query.execution_options(yield_per=BATCH))
            ready = (event for event in events if event.key not in self._held_back)
            return list(islice(ready, BATCH))

    def _publish(self, channel, event):
        """Whether the broker confirmed the event, routed to a queue at least if it is mandatory."""
        headers = json.loads(event.headers)
        attributes = telemetry.produced(amqp.EXCHANGE, event.routing_key, event.message_id)
        with (
            telemetry.correlated(headers.get(telemetry.CORRELATION.lower())),
            telemetry.span(f"publish {amqp.EXCHANGE}", "producer", attributes, headers) as span,
        ):
            try:
                amqp.publish(
                    channel, event.routing_key, event.body, event.message_id, event.mandatory
                )
            except (UnroutableError, NackError) as error:
                telemetry.record_error(span, error)
                return False
        return True

    def _change(self, event, **values):
        # Who slept since may find it published by another: its mark stays.
        pending = (Stored.id == event.id) & PENDING
        with self.database.transaction() as session:
            session.execute(update(Stored).where(pending).values(values))
