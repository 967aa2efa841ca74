from flask import Flask, abort, jsonify, make_response, request

app = Flask(__name__)
catalogue = {}


def refuser(**fautes):
    abort(make_response(jsonify(errors=fautes), 422))


def valid_product():
    corps = request.get_json(silent=True)
    if not isinstance(corps, dict):
        corps = {}
    fautes = {}
    for champ in ("sku", "name"):
        if not isinstance(corps.get(champ), str) or not corps[champ]:
            fautes[champ] = "un texte non vide est attendu"
    prix = corps.get("price_cents")
    if type(prix) is not int or prix < 0:
        fautes["price_cents"] = "un entier positif ou nul est attendu"
    if fautes:
        refuser(**fautes)
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
