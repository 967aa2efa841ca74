from flask import abort
from flask_openapi3 import Info, OpenAPI
from pydantic import BaseModel, Field, StrictInt, StrictStr

app = OpenAPI(__name__, info=Info(title="Products", version="1"))
catalogue = {}


class Product(BaseModel):
    sku: StrictStr = Field(min_length=1)
    name: StrictStr = Field(min_length=1)
    price_cents: StrictInt = Field(ge=0)


class Sku(BaseModel):
    sku: str


@app.get("/products")
def list_products():
    return [product.model_dump() for product in catalogue.values()]


@app.get("/products/<sku>")
def show(path: Sku):
    return catalogue[path.sku].model_dump() if path.sku in catalogue else abort(404)


@app.post("/products")
def add(body: Product):
    catalogue.setdefault(body.sku, body)
    return body.model_dump(), 201


@app.put("/products/<sku>")
def put(path: Sku, body: Product):
    catalogue[path.sku] = body
    return body.model_dump()
