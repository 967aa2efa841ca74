from pathlib import Path

import flask_openapi3_swagger
import jsonschema_rs
from flask import Flask, abort, jsonify, request, send_from_directory

app = Flask(__name__)
catalogue = {}

PRODUCT = {
    "type": "object",
    "required": ["sku", "name", "price_cents"],
    "properties": {
        "sku": {"type": "string", "minLength": 1},
        "name": {"type": "string", "minLength": 1},
        "price_cents": {"type": "integer", "minimum": 0},
    },
}


RULES = jsonschema_rs.validator_for(PRODUCT)


def body(schema):
    return {"content": {"application/json": {"schema": schema}}, "description": "Réussite"}


ONE = {"$ref": "#/components/schemas/Product"}
MANY = {"type": "object", "properties": {"products": {"type": "array", "items": ONE}}}
UNKNOWN, TAKEN, FAULTY = ({"description": why} for why in ("Inconnu", "SKU pris", "Article faux"))
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Products", "version": "1"},
    "components": {"schemas": {"Product": PRODUCT}},
    "paths": {
        "/products": {
            "get": {"responses": {"200": body(MANY)}},
            "post": {
                "requestBody": body(ONE),
                "responses": {"201": body(ONE), "409": TAKEN, "422": FAULTY},
            },
        },
        "/products/{code}": {
            "parameters": [{"name": "code", "in": "path", "required": True}],
            "get": {"responses": {"200": body(ONE), "404": UNKNOWN}},
            "put": {"requestBody": body(ONE), "responses": {"2XX": body(ONE), "4XX": FAULTY}},
            "delete": {"responses": {"204": {"description": "Supprimé"}}},
        },
    },
}
PAGE = "<!doctype html><title>Products</title><h1>Products</h1><a href='/openapi.json'>openapi.json</a>"


@app.get("/swagger.json")
def document():
    return DOCUMENT


ASSETS = next(Path(flask_openapi3_swagger.__file__).parent.rglob("swagger-ui-bundle.js")).parent


@app.get("/swagger/")
def page():
    return (
        "<!doctype html><div id='ui'></div><script src='swagger-ui-bundle.js'></script>"
        "<script>SwaggerUIBundle({url: '/swagger.json', dom_id: '#ui'})</script>"
    )


@app.get("/swagger/<name>")
def asset(name):
    return send_from_directory(ASSETS, name)


def valid(product):
    if not RULES.is_valid(product):
        abort(422)
    return product


@app.get("/products")
def list_products():
    return jsonify(products=list(catalogue.values()))


@app.get("/products/<sku>")
def show_product(sku):
    return catalogue.get(sku) or abort(404)


@app.post("/products")
def add_product():
    product = valid(request.get_json(silent=True))
    if product["sku"] in catalogue:
        abort(409)
    catalogue[product["sku"]] = product
    return product, 201


@app.put("/products/<sku>")
def put_product(sku):
    status = 200 if sku in catalogue else 201
    catalogue[sku] = valid(request.get_json(silent=True))
    return catalogue[sku], status


@app.delete("/products/<sku>")
def remove_product(sku):
    catalogue.pop(sku, None)
    return "", 204
