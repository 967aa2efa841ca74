# feedback: Aucun document
# mistake: ne publie(nt) aucun document
from flask import Flask, abort, request

app = Flask(__name__)
catalogue = {}


@app.get("/products")
def list_products():
    return {"products": list(catalogue.values())}


@app.get("/products/<sku>")
def show_product(sku):
    return catalogue.get(sku) or abort(404)


@app.post("/products")
def add_product():
    product = request.get_json()
    if product["sku"] in catalogue:
        abort(409)
    catalogue[product["sku"]] = product
    return product, 201


@app.put("/products/<sku>")
def put_product(sku):
    status = 200 if sku in catalogue else 201
    catalogue[sku] = {**request.get_json(), "sku": sku}
    return catalogue[sku], status


@app.delete("/products/<sku>")
def remove_product(sku):
    catalogue.pop(sku, None)
    return "", 204
