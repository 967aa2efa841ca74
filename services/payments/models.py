"""Payments' tables: what each order owes, has paid, has got back; and the ledger that proves it."""

import time

from sqlalchemy import BigInteger, Float, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis.database import Database


class Base(DeclarativeBase):
    pass


class Payment(Base):
    """NEW → CHARGED → REFUNDED, NEW → DECLINED, or NEW → VOID: refunded first, a tombstone."""

    __tablename__ = "payments"

    order_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(16), default="NEW")
    amount_cents: Mapped[int] = mapped_column(BigInteger, default=0)

    def as_dict(self):
        return {
            "order_id": self.order_id,
            "state": self.state,
            "amount_cents": self.amount_cents,
            "refunded_cents": self.amount_cents if self.state == "REFUNDED" else 0,
        }


class Movement(Base):
    """A line of the ledger: money that moved. Lines are added, never changed, never removed."""

    __tablename__ = "ledger"

    number: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(8))  # charge | refund
    amount_cents: Mapped[int] = mapped_column(BigInteger)


class Intent(Base):
    """A card for a charge that an event will ask for, laid down at an epoch second; then wiped."""

    __tablename__ = "intents"

    order_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    amount_cents: Mapped[int] = mapped_column(BigInteger, default=0)
    card: Mapped[str] = mapped_column(String(64), default="")
    laid_at: Mapped[float] = mapped_column(Float, default=time.time)


database = Database(Base)
