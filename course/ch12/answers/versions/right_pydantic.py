from typing import Annotated, Literal, Union

from pydantic import BaseModel, Field, TypeAdapter, ValidationError


class Total(BaseModel):
    amount_cents: int
    currency: str


class FirstData(BaseModel):
    order_id: str
    total_cents: int


class SecondData(BaseModel):
    order_id: str
    total: Total


class First(BaseModel):
    version: Literal[1] = 1
    data: FirstData

    @property
    def total(self):
        return Total(amount_cents=self.data.total_cents, currency="EUR")


class Second(BaseModel):
    version: Literal[2]
    data: SecondData

    @property
    def total(self):
        return self.data.total


Sale = TypeAdapter(Annotated[Union[Second, First], Field(union_mode="left_to_right")])


def read_sale(event):
    try:
        sale = Sale.validate_python(event)
    except ValidationError as error:
        raise UnknownVersion(str(error)) from error
    return {"order_id": sale.data.order_id} | sale.total.model_dump()
