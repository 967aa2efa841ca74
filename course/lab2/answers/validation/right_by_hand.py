from flask import Flask, abort, request

app = Flask(__name__)
catalogue = {}


def valid(body):
    if not isinstance(body, dict):
        abort(422, "Le corps doit être un objet JSON.")
    faults = [f for f in ("sku", "name") if not isinstance(body.get(f), str) or not body[f].strip()]
    price = body.get("price_cents")
    if type(price) is not int or price < 0:
        faults.append("price_cents")
    if faults:
        abort(422, f"Champs faux : {faults}")
    return body


@app.get("/products")
def list_products():
    return {"products": list(catalogue.values())}


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
    product = valid(request.get_json(silent=True))
    status = 200 if sku in catalogue else 201
    catalogue[sku] = product
    return catalogue[sku], status


@app.delete("/products/<sku>")
def remove_product(sku):
    catalogue.pop(sku, None)
    return "", 204
