from flask import Flask, abort, jsonify, request

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


@app.get("/openapi.json")
def document():
    return DOCUMENT


@app.get("/docs")
def page():
    return PAGE


def valid(product):
    if not isinstance(product, dict):
        abort(422)
    texts, price = [product.get("sku"), product.get("name")], product.get("price_cents")
    if not all(isinstance(text, str) and text for text in texts):
        abort(422)
    if type(price) is not int or price < 0:
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
