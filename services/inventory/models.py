"""Inventory's tables: the stock, and the reservation of each order."""

from sqlalchemy import JSON, BigInteger, CheckConstraint, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis.database import Database
from services.chassis.events import Events

SEED = {"LAMP": 100, "CHAIR": 100, "DESK": 100, "MUG": 100, "BOOK": 5}


class Base(DeclarativeBase):
    pass


class Stock(Base):
    """Every unit ever received is in exactly one of the three columns."""

    __tablename__ = "stock"
    __table_args__ = (CheckConstraint("available >= 0 AND reserved >= 0 AND sold >= 0"),)

    sku: Mapped[str] = mapped_column(String(64), primary_key=True)
    available: Mapped[int] = mapped_column(BigInteger, default=0)
    reserved: Mapped[int] = mapped_column(BigInteger, default=0)
    sold: Mapped[int] = mapped_column(BigInteger, default=0)

    def as_dict(self):
        return {
            "sku": self.sku,
            "available": self.available,
            "reserved": self.reserved,
            "sold": self.sold,
        }


class Reservation(Base):
    """NEW → HELD → CONFIRMED | RELEASED, or NEW → REFUSED; RELEASED at once is a tombstone."""

    __tablename__ = "reservations"

    order_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(16), default="NEW")
    quantities: Mapped[dict] = mapped_column(JSON, default=dict)
    detail: Mapped[str] = mapped_column(default="")

    def as_dict(self):
        return {**self.payload(), "state": self.state}

    def payload(self):
        """What the events about it carry."""
        items = [{"sku": sku, "quantity": number} for sku, number in self.quantities.items()]
        return {"order_id": self.order_id, "items": items}


database = Database(Base)
events = Events(database)


def fill_the_shelves():
    """Stock the articles of SEED that the table does not have yet."""
    with database.transaction() as session:
        for sku, units in SEED.items():
            if session.get(Stock, sku) is None:
                database.claim(session, Stock, sku=sku).available = units
