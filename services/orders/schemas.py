"""Schemas of the requests and answers."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Card = Annotated[str, Field(pattern=r"^tok_[a-z_]{1,40}$", examples=["tok_visa"])]
Sku = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$", examples=["LAMP"])]
Quantity = Annotated[int, Field(strict=True, ge=1, le=1_000)]
Key = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,255}$")]


class OrderLine(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sku: Sku
    quantity: Quantity


class OrderRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[OrderLine], Field(min_length=1, max_length=20)]
    card: Card


class IdempotencyHeader(BaseModel):
    idempotency_key: Key | None = Field(None, alias="Idempotency-Key")


class OrderPath(BaseModel):
    order_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Page(BaseModel):
    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)


class PricedLine(BaseModel):
    sku: str
    name: str
    quantity: int
    price_cents: int


class OrderState(BaseModel):
    id: str
    user_id: str
    status: str
    reason: str | None
    detail: str | None
    total_cents: int
    items: list[PricedLine]
    created_at: str


class OrderList(BaseModel):
    orders: list[OrderState]


class SagaEntry(BaseModel):
    position: int
    command: str
    outcome: str
    detail: str | None
    at: str
    by: str


class SagaLog(BaseModel):
    order_id: str
    status: str
    entries: list[SagaEntry]
