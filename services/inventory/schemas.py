"""Schemas of the requests and answers."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Sku = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
OrderId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class SkuPath(BaseModel):
    sku: Sku


class OrderPath(BaseModel):
    order_id: OrderId


class Level(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    available: int = Field(ge=0, le=1_000_000_000)


class StockLine(BaseModel):
    sku: str
    available: int
    reserved: int
    sold: int


class StockList(BaseModel):
    stock: list[StockLine]


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    sku: Sku
    quantity: int = Field(ge=1, le=20_000)


class Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    items: list[Line] = Field(min_length=1, max_length=50)

    def quantities(self):
        """Units by SKU: two lines of one SKU are one."""
        total = {}
        for line in self.items:
            total[line.sku] = total.get(line.sku, 0) + line.quantity
        return total


class ReservationState(BaseModel):
    order_id: str
    state: str
    items: list[Line]
