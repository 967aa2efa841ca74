"""Payments' tables: the payment of each order, the ledger of what moved, the cards that wait."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis.database import Database
from services.chassis.events import Events


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

    def payload(self):
        """What the events about it carry."""
        return {"order_id": self.order_id, "amount_cents": self.amount_cents}


class Movement(Base):
    """A line of the ledger: money that moved. Lines are added, never changed, never removed."""

    __tablename__ = "ledger"

    number: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(8))  # charge | refund
    amount_cents: Mapped[int] = mapped_column(BigInteger)


class Intent(Base):
    """A card, stored until an event asks for the charge."""

    __tablename__ = "intents"

    order_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    amount_cents: Mapped[int] = mapped_column(BigInteger, default=0)
    card: Mapped[str] = mapped_column(String(64), default="")


database = Database(Base)
events = Events(database)
