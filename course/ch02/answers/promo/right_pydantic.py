from typing import Annotated

from flask import Flask, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

app = Flask(__name__)


class Product(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)
    price_cents: Annotated[int, Field(ge=0)]


@app.errorhandler(ValidationError)
def refuse(error):
    return {"detail": str(error)}, 422


@app.post("/discounts")
def discount():
    product = Product.model_validate(request.get_json())
    product.price_cents = product.price_cents * 90 // 100
    return product.model_dump()
