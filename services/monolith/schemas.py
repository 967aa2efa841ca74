"""Schemas of the requests and answers: the same as the services'."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Sku = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
Line = Annotated[str, Field(pattern=r"^[^\x00-\x1f]{1,200}$")]
Cents = Annotated[int, Field(ge=0, le=100_000_000, description="centimes d’euro")]
Text = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Credentials(Strict):
    username: Identifier
    password: Annotated[str, Field(max_length=1024)]


class Token(BaseModel):
    access_token: str
    token_type: str
    expires_in: int


class KeySet(BaseModel):
    keys: list[dict[str, Any]]


class IdPath(BaseModel):
    id: Identifier


class SkuPath(BaseModel):
    sku: Sku


class Page(BaseModel):
    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)


class ProfileChange(Strict):
    name: Line
    email: Annotated[str, Field(max_length=200, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]


class ProfileState(ProfileChange):
    id: Identifier


class Details(Strict):
    name: Line
    price_cents: Cents
    description: Text = ""


class NewProduct(Details):
    sku: Sku


class Replacement(Details):
    sku: Sku = Field(default_factory=str)


class Change(Strict):
    name: Line = Field(default_factory=str)
    price_cents: Cents = Field(default_factory=int)
    description: Text = Field(default_factory=str)


class ProductPage(BaseModel):
    products: list[NewProduct]
    total: int
    limit: int
    offset: int
    next: str | None


class StockLine(BaseModel):
    sku: str
    available: int
    reserved: int
    sold: int


class StockList(BaseModel):
    stock: list[StockLine]


class OrderLine(Strict):
    sku: Sku
    quantity: Annotated[int, Field(ge=1, le=1_000)]


class OrderRequest(Strict):
    items: Annotated[list[OrderLine], Field(min_length=1, max_length=20)]
    card: Annotated[str, Field(pattern=r"^tok_[a-z_]{1,40}$", examples=["tok_visa"])]


class IdempotencyHeader(BaseModel):
    key: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,255}$")] | None = Field(
        None, alias="Idempotency-Key"
    )


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


class NotificationFilter(BaseModel):
    order_id: Identifier | None = None


class NotificationLine(BaseModel):
    id: str
    order_id: str
    kind: str
    recipient: str
    text: str
    sent_at: str


class NotificationList(BaseModel):
    notifications: list[NotificationLine]


class Summary(BaseModel):
    order: OrderState
    charge: dict[str, Any] | None
    notifications: list[NotificationLine]
    missing: list[str]
