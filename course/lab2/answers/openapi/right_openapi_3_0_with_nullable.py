from pathlib import Path

import flask_openapi3_swagger
import jsonschema_rs
from flask import Flask, abort, jsonify, make_response, request, send_from_directory

app = Flask(__name__)
catalogue = {}

ARTICLE = {
    "type": "object",
    "required": ["sku", "name", "price_cents"],
    "properties": {
        "sku": {"type": "string", "minLength": 1},
        "name": {"type": "string", "minLength": 1},
        "price_cents": {"type": "integer", "minimum": -1, "exclusiveMinimum": True},
        "description": {"type": "string", "nullable": True},
    },
}


def contenu(schema):
    return {"application/json": {"schema": schema}}


def reponse(description, schema=None):
    return {"description": description} | ({"content": contenu(schema)} if schema else {})


LE_PRODUIT = {"$ref": "#/components/schemas/Product"}
ERREUR = {"$ref": "#/components/schemas/Error"}
CORPS = {"required": True, "content": contenu(LE_PRODUIT)}
REFUS = reponse("Corps refusé", ERREUR)

DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Products", "version": "1.0.0"},
    "paths": {
        "/products": {
            "get": {
                "operationId": "list_products",
                "responses": {
                    "200": reponse(
                        "Le catalogue",
                        {
                            "type": "object",
                            "required": ["products"],
                            "properties": {"products": {"type": "array", "items": LE_PRODUIT}},
                        },
                    )
                },
            },
            "post": {
                "operationId": "add_product",
                "requestBody": CORPS,
                "responses": {
                    "201": reponse("Ajouté", LE_PRODUIT),
                    "409": reponse("SKU pris", ERREUR),
                    "422": REFUS,
                },
            },
        },
        "/products/{sku}": {
            "parameters": [
                {
                    "name": "sku",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
                }
            ],
            "get": {
                "operationId": "show_product",
                "responses": {"200": reponse("L’article", LE_PRODUIT), "404": reponse("Inconnu", ERREUR)},
            },
            "put": {
                "operationId": "put_product",
                "requestBody": CORPS,
                "responses": {
                    "200": reponse("Remplacé", LE_PRODUIT),
                    "201": reponse("Ajouté", LE_PRODUIT),
                    "422": REFUS,
                },
            },
            "delete": {"operationId": "remove_product", "responses": {"204": reponse("Supprimé")}},
        },
    },
    "components": {
        "schemas": {
            "Product": ARTICLE,
            "Error": {
                "type": "object",
                "required": ["error"],
                "properties": {"error": {"type": "string"}, "fields": {"type": "array", "items": {"type": "string"}}},
            },
        }
    },
}

TEXTE = {"type": "string", "minLength": 1}
VALIDE = {
    champ: jsonschema_rs.validator_for({"type": "object", "required": [champ], "properties": {champ: regle}})
    for champ, regle in {"sku": TEXTE, "name": TEXTE, "price_cents": {"type": "integer", "minimum": 0}}.items()
}


def refuser(status, error, **plus):
    abort(make_response(jsonify(error=error, **plus), status))


def valid_product():
    corps = request.get_json(silent=True)
    connus = {c: corps[c] for c in VALIDE if c in corps} if isinstance(corps, dict) else {}
    try:
        fautifs = [champ for champ, validateur in VALIDE.items() if not validateur.is_valid(connus)]
    except ValueError:  # NaN ou l’infini ne sont pas du JSON
        fautifs = [c for c, v in connus.items() if isinstance(v, float) and v - v != 0] or list(VALIDE)
    if fautifs:
        refuser(422, "article refusé", fields=fautifs)
    description = corps.get("description")
    if not isinstance(description, str | None):
        refuser(422, "article refusé", fields=["description"])
    return connus | {"price_cents": int(connus["price_cents"]), "description": description}


@app.get("/apispec.json")
def document():
    return DOCUMENT


UI = Path(flask_openapi3_swagger.__file__).parent / "templates" / "swagger"


@app.get("/ui/<path:fichier>")
def ui(fichier):
    return send_from_directory(UI, fichier)


@app.get("/docs")
def page():
    return """<!doctype html>
<html lang="fr">
<head>
  <meta charset="utf-8">
  <title>Products</title>
  <link rel="stylesheet" href="ui/css/swagger-ui.css">
</head>
<body>
  <div id="swagger-ui"></div>
  <script src="ui/js/swagger-ui-bundle.js"></script>
  <script>SwaggerUIBundle({url: "apispec.json", dom_id: "#swagger-ui"});</script>
</body>
</html>"""


@app.get("/products")
def list_products():
    return {"products": list(catalogue.values())}


@app.get("/products/<sku>")
def show_product(sku):
    if sku not in catalogue:
        refuser(404, "article inconnu")
    return catalogue[sku]


@app.post("/products")
def add_product():
    product = valid_product()
    if product["sku"] in catalogue:
        refuser(409, "ce SKU est pris")
    catalogue[product["sku"]] = product
    return product, 201


@app.put("/products/<sku>")
def put_product(sku):
    product = valid_product() | {"sku": sku}
    status = 200 if sku in catalogue else 201
    catalogue[sku] = product
    return product, status


@app.delete("/products/<sku>")
def remove_product(sku):
    catalogue.pop(sku, None)
    return "", 204
