"""Orders' tables: the orders, their sagas and the sagas' log, the idempotency keys."""

from sqlalchemy import JSON, BigInteger, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis.database import Database
from services.chassis.events import Events


class Base(DeclarativeBase):
    pass


class Order(Base):
    """PENDING → CONFIRMED | REJECTED | CANCELLED. Money in cents; times in ISO 8601, UTC."""

    __tablename__ = "orders"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(255), index=True)
    status: Mapped[str] = mapped_column(String(16), default="PENDING")
    reason: Mapped[str | None] = mapped_column(String(16))  # stock | payment | timeout
    detail: Mapped[str | None]
    total_cents: Mapped[int] = mapped_column(BigInteger)
    items: Mapped[list] = mapped_column(JSON)
    created_at: Mapped[str] = mapped_column(String(32))
    card: Mapped[str | None] = mapped_column(String(64))  # a token; wiped when the order ends

    def as_dict(self):
        return {
            "id": self.id,
            "user_id": self.user_id,
            "status": self.status,
            "reason": self.reason,
            "detail": self.detail,
            "total_cents": self.total_cents,
            "items": self.items,
            "created_at": self.created_at,
        }


class Saga(Base):
    """Which instance advances an order, and for how long no other does (runners.py), in seconds."""

    __tablename__ = "sagas"

    order_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    finished: Mapped[bool] = mapped_column(default=False, index=True)
    fence: Mapped[int] = mapped_column(default=0)
    holder: Mapped[str | None] = mapped_column(String(64))
    beat: Mapped[int] = mapped_column(default=0)  # how often it has changed
    pause: Mapped[float] = mapped_column(default=0.0)
    age: Mapped[float] = mapped_column(default=0.0)
    attempts: Mapped[int] = mapped_column(default=0)
    trace: Mapped[dict] = mapped_column(JSON)


class LogEntry(Base):
    """A line of a saga's log, in the order of `position`."""

    __tablename__ = "saga_log"

    order_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    command: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(16))  # started | done | refused | timed out
    detail: Mapped[str | None]
    at: Mapped[str] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(String(64))

    def as_dict(self):
        shown = ("position", "command", "outcome", "detail", "at", "by")
        return {name: getattr(self, name) for name in shown}


class IdempotencyKey(Base):
    """A client's key, the request it came with, and the answer kept for it (None: none yet)."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    order_id: Mapped[str] = mapped_column(String(36), default="")
    status: Mapped[int | None]
    answer: Mapped[dict | None] = mapped_column(JSON)


database = Database(Base)
events = Events(database)
