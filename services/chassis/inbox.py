"""Inbox: a message delivered twice is handled once (microservices.io, "Idempotent consumer").

The key is (consumer, message id), because two consumers of one event must both handle it; the row
is written in the handler's own transaction, because a mark made before or after it can be lost or
left behind by a crash between the two (Eventuate Tram, SqlTableBasedDuplicateMessageDetector).
"""

import time

from sqlalchemy import Float, String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Base(DeclarativeBase):
    pass


class Received(Base):
    """A message that a consumer has handled."""

    __tablename__ = "inbox"

    consumer: Mapped[str] = mapped_column(String(200), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    received_at: Mapped[float] = mapped_column(Float)


def first_time(session, consumer, message_id):
    """Mark the message as handled; False if it already was, and then there is nothing to do."""
    insert = INSERT[session.get_bind().dialect.name]
    row = {"consumer": consumer, "message_id": message_id, "received_at": time.time()}
    marked = session.execute(insert(Received).values(row).on_conflict_do_nothing())
    return marked.rowcount == 1
