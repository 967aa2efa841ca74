"""Schemas of the requests and answers. A card travels as a token, never as its number."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

OrderId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class OrderPath(BaseModel):
    order_id: OrderId


class ChargeRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    amount_cents: int = Field(ge=0, le=10**13)
    card: str = Field(pattern=r"^tok_[a-z_]{1,40}$", examples=["tok_visa", "tok_declined"])


class PaymentState(BaseModel):
    order_id: str
    state: str
    amount_cents: int
    refunded_cents: int
