from flask import Flask, abort, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

app = Flask(__name__)
catalogue = {}


class Product(BaseModel):
    model_config = ConfigDict(strict=True)
    sku: str = Field(min_length=1)
    name: str = Field(min_length=1)
    price_cents: int = Field(ge=0)


@app.errorhandler(ValidationError)
def refuse(error):
    return {"errors": [{"field": ".".join(map(str, e["loc"])), "why": e["msg"]} for e in error.errors()]}, 400


@app.get("/products")
def list_products():
    return {"products": list(catalogue.values())}


@app.get("/products/<sku>")
def show_product(sku):
    return catalogue.get(sku) or abort(404)


@app.post("/products")
def add_product():
    product = Product.model_validate(request.get_json(silent=True)).model_dump()
    if product["sku"] in catalogue:
        abort(409)
    catalogue[product["sku"]] = product
    return product, 201


@app.put("/products/<sku>")
def put_product(sku):
    status = 200 if sku in catalogue else 201
    catalogue[sku] = Product.model_validate(request.get_json(silent=True)).model_dump()
    return catalogue[sku], status


@app.delete("/products/<sku>")
def remove_product(sku):
    catalogue.pop(sku, None)
    return "", 204
