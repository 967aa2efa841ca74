"""The catalogue's table. Every function works in the caller's transaction."""

import hashlib
import json
from contextlib import contextmanager, suppress

from flask import abort
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis.database import Database


class Base(DeclarativeBase):
    pass


class Product(Base):
    __tablename__ = "products"
    sku: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    price_cents: Mapped[int]
    description: Mapped[str] = mapped_column(default="")

    def as_dict(self):
        return {column.key: getattr(self, column.key) for column in self.__table__.columns}

    def take(self, fields):
        for field, value in fields.items():
            setattr(self, field, value)

    @property
    def etag(self):
        """Same content, same tag: whoever read this very content may replace it."""
        content = json.dumps(self.as_dict(), sort_keys=True).encode()
        return hashlib.sha256(content).hexdigest()[:16]


database = Database(Base)


def find(session, sku, **options):
    """The product, or 404."""
    product = session.get(Product, sku, **options)
    if product is None:
        abort(404, f"Le produit {sku} n’existe pas.")
    return product


def page(session, limit, offset):
    """(products of the page in the order of their SKU, how many there are in all)."""
    query = select(Product).order_by(Product.sku).limit(limit).offset(offset)
    total = session.scalar(select(func.count()).select_from(Product))
    return [product.as_dict() for product in session.scalars(query)], total


@contextmanager
def sku_is_free(sku):
    """409 when another request, or another instance, has just taken it."""
    try:
        yield
    except IntegrityError:
        abort(409, f"Le SKU {sku} est déjà pris.")


def seed():
    """Fill an empty catalogue; another instance may be doing it at this moment."""
    with suppress(IntegrityError), database.transaction() as session:
        if session.scalars(select(Product)).first() is None:
            session.add_all(Product(**product) for product in SEEDS)


SEEDS = [
    {
        "sku": "LAMP",
        "name": "Lampe de bureau",
        "price_cents": 3990,
        "description": "Une lumière franche pour les longues soirées de code.",
    },
    {
        "sku": "CHAIR",
        "name": "Chaise",
        "price_cents": 12900,
        "description": "Pour s’asseoir pendant que les conteneurs démarrent.",
    },
    {
        "sku": "DESK",
        "name": "Bureau",
        "price_cents": 24900,
        "description": "Assez large pour deux écrans et un canard en plastique.",
    },
    {
        "sku": "MUG",
        "name": "Tasse",
        "price_cents": 990,
        "description": "Trente centilitres, lave-vaisselle accepté.",
    },
    {
        "sku": "BOOK",
        "name": "Livre",
        "price_cents": 2450,
        "description": "Les micro-services, racontés par ceux qui les réparent la nuit.",
    },
]
