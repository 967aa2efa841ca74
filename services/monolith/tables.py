"""The monolith's one database. Foreign keys tie together what services must keep apart."""

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis.database import Database


class Base(DeclarativeBase):
    def as_dict(self):
        return {column.key: getattr(self, column.key) for column in self.__table__.columns}


class SigningKey(Base):
    __tablename__ = "signing_keys"
    number: Mapped[int] = mapped_column(primary_key=True)
    private_pem: Mapped[str]
    public_jwk: Mapped[dict] = mapped_column(JSON)


class Account(Base):
    __tablename__ = "accounts"
    username: Mapped[str] = mapped_column(primary_key=True)
    password_hash: Mapped[str]
    scope: Mapped[str]


class Profile(Base):
    __tablename__ = "profiles"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]


class Product(Base):
    __tablename__ = "products"
    sku: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    price_cents: Mapped[int] = mapped_column(BigInteger)
    description: Mapped[str] = mapped_column(default="")

    def take(self, fields):
        for field, value in fields.items():
            setattr(self, field, value)


class Stock(Base):
    __tablename__ = "stock"
    __table_args__ = (CheckConstraint("available >= 0"),)
    sku: Mapped[str] = mapped_column(
        ForeignKey("products.sku", ondelete="CASCADE"), primary_key=True
    )
    available: Mapped[int] = mapped_column(default=0)
    sold: Mapped[int] = mapped_column(default=0)


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(index=True)
    status: Mapped[str]  # CONFIRMED | REJECTED: nobody ever sees it in between
    reason: Mapped[str | None]
    detail: Mapped[str | None]
    total_cents: Mapped[int] = mapped_column(BigInteger)
    items: Mapped[list] = mapped_column(JSON)
    created_at: Mapped[str]


class Charge(Base):
    __tablename__ = "charges"
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(default="CHARGED")


class Notification(Base):
    __tablename__ = "notifications"
    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[str]
    recipient: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    sent_at: Mapped[str]


class IdempotencyKey(Base):
    __tablename__ = "idempotency_keys"
    user_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(default="")
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"))


database = Database(Base)
