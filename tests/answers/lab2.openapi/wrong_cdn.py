# feedback: unpkg.com | resterait blanche
from flask import Flask, abort, jsonify, request

app = Flask(__name__)
catalogue = {}

PRODUCT = {
    "type": "object",
    "required": ["sku", "name", "price_cents"],
    "properties": {
        "sku": {"type": "string"},
        "name": {"type": "string"},
        "price_cents": {"type": "integer", "minimum": 0},
    },
}


def body(schema):
    return {"content": {"application/json": {"schema": schema}}, "description": "Réussite"}


ONE = {"$ref": "#/components/schemas/Product"}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Products", "version": "1"},
    "components": {"schemas": {"Product": PRODUCT}},
    "paths": {
        "/products": {
            "get": {"responses": {"200": body({"type": "array", "items": ONE})}},
            "post": {"requestBody": body(ONE), "responses": {"201": body(ONE)}},
        },
        "/products/{code}": {
            "parameters": [{"name": "code", "in": "path", "required": True}],
            "get": {"responses": {"200": body(ONE), "404": {"description": "Inconnu"}}},
            "put": {"requestBody": body(ONE), "responses": {"2XX": body(ONE)}},
            "delete": {"responses": {"204": {"description": "Supprimé"}}},
        },
    },
}
PAGE = "<!doctype html><title>Products</title><script src='https://unpkg.com/swagger-ui-dist/swagger-ui-bundle.js'></script><a href='/openapi.json'>openapi.json</a>"


@app.get("/openapi.json")
def document():
    return DOCUMENT


@app.get("/docs")
def page():
    return PAGE


@app.get("/products")
def list_products():
    return jsonify(list(catalogue.values()))


@app.get("/products/<sku>")
def show_product(sku):
    return catalogue.get(sku) or abort(404)


@app.post("/products")
def add_product():
    product = request.get_json()
    catalogue[product["sku"]] = product
    return product, 201


@app.put("/products/<sku>")
def put_product(sku):
    catalogue[sku] = request.get_json()
    return catalogue[sku]


@app.delete("/products/<sku>")
def remove_product(sku):
    catalogue.pop(sku, None)
    return "", 204
