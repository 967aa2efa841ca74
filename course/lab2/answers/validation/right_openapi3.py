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
    return {"products": [product.model_dump() for product in catalogue.values()]}


@app.get("/products/<sku>")
def show(path: Sku):
    return catalogue[path.sku].model_dump() if path.sku in catalogue else abort(404)


@app.post("/products")
def add(body: Product):
    if catalogue.setdefault(body.sku, body) is not body:
        abort(409)
    return body.model_dump(), 201


@app.put("/products/<sku>")
def put(path: Sku, body: Product):
    status = 200 if path.sku in catalogue else 201
    catalogue[path.sku] = body
    return body.model_dump(), status


@app.delete("/products/<sku>")
def delete(path: Sku):
    return "", 204 if catalogue.pop(path.sku, None) else 404
