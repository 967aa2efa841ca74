"""The catalogue: its table, and what a product looks like on the wire."""

import hashlib
import json
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Sku = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$", examples=["LAMP"])]
Name = Annotated[str, Field(pattern=r"^[^\x00-\x1f]{1,200}$", examples=["Lampe de bureau"])]
Cents = Annotated[int, Field(ge=0, le=100_000_000, description="centimes d'euro", examples=[3990])]
Description = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]


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

    @property
    def etag(self):
        """Same content, same tag: whoever read this very content may replace it."""
        content = json.dumps(self.as_dict(), sort_keys=True).encode()
        return hashlib.sha256(content).hexdigest()[:16]


SEEDS = {
    "LAMP": ("Lampe de bureau", 3990, "Une lumière franche pour les longues soirées de code."),
    "CHAIR": ("Chaise", 12900, "Pour s'asseoir pendant que les conteneurs démarrent."),
    "DESK": ("Bureau", 24900, "Assez large pour deux écrans et un canard en plastique."),
    "MUG": ("Tasse", 990, "Trente centilitres, lave-vaisselle accepté."),
    "BOOK": ("Livre", 2450, "Les micro-services, racontés par ceux qui les réparent la nuit."),
}


class Details(BaseModel):
    """What can be said of a product whose SKU is known."""

    model_config = ConfigDict(extra="forbid", strict=True)
    name: Name
    price_cents: Cents
    description: Description = ""


class NewProduct(Details):
    sku: Sku


class Replacement(Details):
    """A whole product; its SKU may be repeated, not changed."""

    sku: Sku = Field(default_factory=str)


class Change(BaseModel):
    """Only the fields to change (as in RFC 7396)."""

    model_config = ConfigDict(extra="forbid", strict=True)
    name: Name = Field(default_factory=str)
    price_cents: Cents = Field(default_factory=int)
    description: Description = Field(default_factory=str)


class ProductPath(BaseModel):
    sku: Sku


class Page(BaseModel):
    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)


class ProductPage(BaseModel):
    products: list[NewProduct]
    total: int
    limit: int
    offset: int
    next: str | None
