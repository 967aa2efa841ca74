"""Inbox: a message delivered twice is handled once (microservices.io, "Idempotent consumer").

The key is (consumer, message id), because two consumers of one event must both handle it; the row
is written in the handler's own transaction, because a mark made before or after it can be lost or
left behind by a crash between the two (Eventuate Tram, SqlTableBasedDuplicateMessageDetector).
"""

import time

from sqlalchemy import Float, String, delete
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

KEPT_SECONDS = 7 * 24 * 3600


class Base(DeclarativeBase):
    pass


class Received(Base):
    """A message that a consumer has handled."""

    __tablename__ = "inbox"

    consumer: Mapped[str] = mapped_column(String(200), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    received_at: Mapped[float] = mapped_column(Float)


class Inbox:
    """The messages this service has handled."""

    def __init__(self, database):
        self.database = database

    def first_time(self, session, consumer, message_id):
        """Mark the message as handled; False if it already was: then there is nothing to do."""
        row = {"consumer": consumer, "message_id": message_id, "received_at": time.time()}
        return self.database.insert_once(session, Received, **row)

    def forget_old(self):
        """Delete the marks older than any message can still be."""
        with self.database.transaction() as session:
            old = Received.received_at < time.time() - KEPT_SECONDS
            session.execute(delete(Received).where(old))
