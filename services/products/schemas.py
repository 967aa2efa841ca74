"""Schemas of the requests and answers. Strict: a price is a whole number of cents, no text."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Sku = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
Name = Annotated[str, Field(pattern=r"^[^\x00-\x1f]{1,200}$", examples=["Lampe de bureau"])]
Cents = Annotated[int, Field(ge=0, le=100_000_000, description="centimes d’euro", examples=[3990])]
Description = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]


class Details(BaseModel):
    """A product without its SKU."""

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
