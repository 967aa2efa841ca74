"""Transactional outbox: the event is stored in the same transaction as the change it tells of,
and a relay publishes it afterwards (microservices.io, "Transactional outbox", "Polling publisher").

The relay publishes with confirms, persistent and mandatory, and marks a row only once the broker
has taken charge of it: after a crash between the two it publishes again, and the inbox on the
other side sees to it that this changes nothing. Events of one key leave in order. Of several
relays on one database, one at a time works: the holder of a lease.
"""

import json
import time
import uuid
from datetime import UTC, datetime

import pika
from sqlalchemy import Boolean, Float, Index, String, Text, func, or_, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis import amqp, settings, telemetry
from services.chassis.faults import crash_point

BATCH = 100
LEASE_SECONDS = 3.0
KEEP_SECONDS = 3600.0
PERSISTENT = pika.DeliveryMode.Persistent


class Base(DeclarativeBase):
    pass


class Pending(Base):
    """An event to publish, or published at `published_at` (epoch seconds)."""

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
    published_at: Mapped[float | None] = mapped_column(Float)


class Lease(Base):
    """Who may relay, until when (epoch seconds)."""

    __tablename__ = "outbox_lease"

    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(String(200))
    until: Mapped[float] = mapped_column(Float)


def record(session, routing_key, key, data, mandatory=True):
    """Store an event in the caller's transaction; return its id."""
    message_id = str(uuid.uuid4())
    body = {
        "id": message_id,
        "type": routing_key.replace(".", "_").upper(),
        "occurred_at": datetime.now(UTC).isoformat(),
        "data": data,
    }
    session.add(
        Pending(
            message_id=message_id,
            routing_key=routing_key,
            key=str(key),
            mandatory=mandatory,
            body=json.dumps(body, ensure_ascii=False),
            headers=json.dumps(telemetry.inject({})),
            recorded_at=time.time(),
        )
    )
    return message_id


class Relay:
    """Publishes what is pending through `channel`, which must be in confirm mode."""

    def __init__(self, database):
        self.database = database
        self.holder = settings.instance()
        self._retry_at = {}

    def run_once(self, channel):
        """Publish what can be; return the number of events published."""
        if not self._take_lease():
            return 0
        blocked, done = set(), 0
        for row in self._pending():
            if row.key in blocked or self._retry_at.get(row.key, 0) > time.monotonic():
                blocked.add(row.key)
            elif self._publish(channel, row):
                self._mark(row)
                done += 1
            else:
                blocked.add(row.key)
        return done

    def lag(self):
        """How many events wait, and for how many seconds the oldest has."""
        query = select(func.count(), func.min(Pending.recorded_at)).where(
            Pending.published_at.is_(None)
        )
        with self.database.transaction() as session:
            count, oldest = session.execute(query).one()
        return count, (time.time() - oldest if oldest else 0.0)

    def _take_lease(self):
        """Whether this relay is the one that works now: two at once would mix up the order."""
        now = time.time()
        mine = or_(Lease.holder == self.holder, Lease.until < now)
        values = {"holder": self.holder, "until": now + LEASE_SECONDS}
        with self.database.transaction() as session:
            if session.get(Lease, 1) is None:
                session.add(Lease(id=1, **values))
                return True
            renewed = update(Lease).where(Lease.id == 1, mine).values(values)
            return session.execute(renewed).rowcount == 1

    def _pending(self):
        query = select(Pending).where(Pending.published_at.is_(None)).order_by(Pending.id)
        with self.database.transaction() as session:
            return session.scalars(query.limit(BATCH)).all()

    def _publish(self, channel, row):
        headers = json.loads(row.headers)
        attributes = {
            "messaging.system": "rabbitmq",
            "messaging.destination.name": amqp.EXCHANGE,
            "messaging.rabbitmq.destination.routing_key": row.routing_key,
            "messaging.message.id": row.message_id,
        }
        crash_point("relay_before_publish")
        with (
            telemetry.correlated(headers.get("x-correlation-id")),
            telemetry.span(f"publish {amqp.EXCHANGE}", "producer", attributes, headers),
        ):
            properties = pika.BasicProperties(
                message_id=row.message_id,
                content_type="application/json",
                delivery_mode=PERSISTENT,
                headers=telemetry.inject({}),
            )
            try:
                channel.basic_publish(
                    amqp.EXCHANGE, row.routing_key, row.body.encode(), properties, row.mandatory
                )
            except (pika.exceptions.UnroutableError, pika.exceptions.NackError) as error:
                telemetry.record_error(error)
                self._retry_at[row.key] = time.monotonic() + 1.0
                return False
        crash_point("relay_after_publish")
        return True

    def _mark(self, row):
        with self.database.transaction() as session:
            session.execute(
                update(Pending).where(Pending.id == row.id).values(published_at=time.time())
            )
        self._retry_at.pop(row.key, None)
