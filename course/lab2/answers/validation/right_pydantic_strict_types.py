from typing import Annotated

from flask import Flask, abort, jsonify, make_response, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

app = Flask(__name__)
catalogue = {}

Texte = Annotated[str, Field(strict=True, min_length=1)]


class Product(BaseModel):
    model_config = ConfigDict(extra="allow")
    sku: Texte
    name: Texte
    price_cents: Annotated[int, Field(strict=True, ge=0)]


def valid_product():
    corps = request.get_json(silent=True)
    if not isinstance(corps, dict):
        corps = {}
    try:
        Product.model_validate(corps)
    except ValidationError as e:
        fautes = {str(f["loc"][0]): f["msg"] for f in e.errors(include_url=False)}
        abort(make_response(jsonify(errors=fautes), 422))
    return corps


@app.get("/products")
def list_products():
    return {"products": list(catalogue.values())}


@app.get("/products/<sku>")
def show_product(sku):
    if sku not in catalogue:
        abort(404)
    return catalogue[sku]


@app.post("/products")
def add_product():
    product = valid_product()
    if product["sku"] in catalogue:
        abort(409)
    catalogue[product["sku"]] = product
    return product, 201


@app.put("/products/<sku>")
def put_product(sku):
    product = {**valid_product(), "sku": sku}
    status = 200 if sku in catalogue else 201
    catalogue[sku] = product
    return product, status


@app.delete("/products/<sku>")
def remove_product(sku):
    catalogue.pop(sku, None)
    return "", 204
