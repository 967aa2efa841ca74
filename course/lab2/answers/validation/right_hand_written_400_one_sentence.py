from flask import Blueprint, Flask, abort, jsonify, make_response, request

app = Flask(__name__)
bp = Blueprint("products", __name__)
catalogue = {}


def refus(phrase):
    abort(make_response(jsonify(error=phrase), 400))


def valid_product():
    corps = request.get_json(force=True, silent=True)
    if not isinstance(corps, dict):
        refus("sku, name et price_cents manquent : le corps doit être un objet JSON.")
    for champ in ("sku", "name"):
        if champ not in corps:
            refus(f"{champ} manque.")
        if not isinstance(corps[champ], str):
            refus(f"{champ} doit être un texte.")
        if corps[champ] == "":
            refus(f"{champ} est vide.")
    if "price_cents" not in corps:
        refus("price_cents manque.")
    prix = corps["price_cents"]
    if not isinstance(prix, int) or isinstance(prix, bool):
        refus("price_cents doit être un entier de centimes.")
    if prix < 0:
        refus("price_cents ne peut pas être négatif.")
    return corps


@bp.get("/products")
def list_products():
    return {"products": list(catalogue.values())}


@bp.get("/products/<sku>")
def show_product(sku):
    if sku not in catalogue:
        abort(404)
    return catalogue[sku]


@bp.post("/products")
def add_product():
    product = valid_product()
    if product["sku"] in catalogue:
        abort(409)
    catalogue[product["sku"]] = product
    return product, 201


@bp.put("/products/<sku>")
def put_product(sku):
    product = valid_product()
    product["sku"] = sku
    created = sku not in catalogue
    catalogue[sku] = product
    return product, 201 if created else 200


@bp.delete("/products/<sku>")
def remove_product(sku):
    catalogue.pop(sku, None)
    return "", 204


app.register_blueprint(bp)
