import json
import math

import jsonschema_rs
from flask import Flask, abort, g, request

app = Flask(__name__)
catalogue = {}

SCHEMA = {
    "type": "object",
    "required": ["sku", "name", "price_cents"],
    "properties": {
        "sku": {"type": "string", "minLength": 1},
        "name": {"type": "string", "minLength": 1},
        "price_cents": {"type": "integer", "minimum": 0},
    },
}
VALIDATEURS = {
    champ: jsonschema_rs.validator_for({"type": "object", "required": [champ], "properties": {champ: regle}})
    for champ, regle in SCHEMA["properties"].items()
}


def nombre(texte):
    """39.0 est un entier, pour JSON Schema comme pour nous ; 1e999 n’est pas un nombre."""
    valeur = float(texte)
    if not math.isfinite(valeur):
        return None
    return int(valeur) if valeur.is_integer() else valeur


@app.before_request
def controler():
    if request.method not in ("POST", "PUT"):
        return None
    try:
        # NaN et l’infini ne sont pas du JSON ; ils deviennent null, que le schéma refuse.
        corps = json.loads(request.get_data(), parse_constant=lambda _: None, parse_float=nombre)
    except ValueError:
        corps = None
    fautes = [
        {"pointer": f"/{champ}", "detail": erreur.message}
        for champ, validateur in VALIDATEURS.items()
        for erreur in validateur.iter_errors(corps)
    ]
    if fautes:
        return {"errors": fautes}, 422
    g.article = {champ: corps[champ] for champ in SCHEMA["properties"]}
    return None


@app.get("/products")
def list_products():
    return {"products": list(catalogue.values())}


@app.get("/products/<sku>")
def show_product(sku):
    return catalogue.get(sku) or abort(404)


@app.post("/products")
def add_product():
    if g.article["sku"] in catalogue:
        abort(409)
    catalogue[g.article["sku"]] = g.article
    return g.article, 201


@app.put("/products/<sku>")
def put_product(sku):
    connu = sku in catalogue
    catalogue[sku] = g.article | {"sku": sku}
    return catalogue[sku], 200 if connu else 201


@app.delete("/products/<sku>")
def remove_product(sku):
    catalogue.pop(sku, None)
    return "", 204
