import jsonschema_rs
from flask import Flask, abort, request

app = Flask(__name__)
catalogue = {}
SCHEMA = jsonschema_rs.validator_for(
    {
        "type": "object",
        "required": ["sku", "name", "price_cents"],
        "properties": {
            "sku": {"type": "string", "minLength": 1},
            "name": {"type": "string", "minLength": 1},
            "price_cents": {"type": "integer", "minimum": 0},
        },
    }
)


def checked():
    body = request.get_json(force=True, silent=True)
    errors = {"/".join(map(str, e.instance_path)) or e.message: e.message for e in SCHEMA.iter_errors(body)}
    return body, errors



@app.get("/products")
def list_products():
    return {"products": list(catalogue.values())}


@app.get("/products/<sku>")
def show_product(sku):
    return catalogue.get(sku) or abort(404)


@app.post("/products")
def add_product():
    product, errors = checked()
    if errors:
        return {"errors": errors}, 422
    if product["sku"] in catalogue:
        abort(409)
    catalogue[product["sku"]] = product
    return product, 201


@app.put("/products/<sku>")
def put_product(sku):
    product, errors = checked()
    if errors:
        return {"errors": errors}, 422
    status = 200 if sku in catalogue else 201
    catalogue[sku] = product
    return catalogue[sku], status


@app.delete("/products/<sku>")
def remove_product(sku):
    catalogue.pop(sku, None)
    return "", 204
