import json
import re
import sqlite3
import threading
from functools import wraps
from typing import Annotated

from flask import Flask, Response, request
from flask_openapi3_swagger.plugins import RegisterPlugin
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, StrictStr, ValidationError
from pydantic.json_schema import models_json_schema

app = Flask(__name__)
app.register_blueprint(RegisterPlugin.register(doc_url="openapi.json"), url_prefix="/openapi")
verrou = threading.RLock()
base = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
base.execute("CREATE TABLE products (sku TEXT PRIMARY KEY, doc TEXT NOT NULL)")


def entier(valeur):
    """39.0 est un entier, pour JSON Schema."""
    return int(valeur) if isinstance(valeur, float) and valeur.is_integer() else valeur


class Product(BaseModel):
    model_config = ConfigDict(extra="ignore")
    sku: StrictStr = Field(min_length=1)
    name: StrictStr = Field(min_length=1)
    price_cents: Annotated[StrictInt, BeforeValidator(entier)] = Field(ge=0)


class Catalogue(BaseModel):
    products: list[Product]


class Problem(BaseModel):
    error: str
    fields: dict[str, str] = {}


modeles = [Product, Catalogue, Problem]
_, schemas = models_json_schema([(m, "validation") for m in modeles], ref_template="#/components/schemas/{model}")
DOC = {
    "openapi": "3.1.0",
    "info": {"title": "Products", "version": "1.0.0"},
    "paths": {},
    "components": {"schemas": schemas["$defs"]},
}


def contenu(modele):
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{modele.__name__}"}}}


def operation(method, rule, *, body=None, **responses):
    """Inscrit la vue dans Flask ET dans le document."""

    def decorer(vue):
        contrat = {"operationId": vue.__name__, "summary": vue.__doc__ or vue.__name__, "responses": {}}
        for status, (description, modele) in responses.items():
            contrat["responses"][status[1:]] = {"description": description}
            if modele:
                contrat["responses"][status[1:]]["content"] = contenu(modele)
        params = re.findall(r"<(\w+)>", rule)
        if params:
            contrat["parameters"] = [
                {"name": p, "in": "path", "required": True, "schema": {"type": "string"}} for p in params
            ]
        if body:
            contrat["requestBody"] = {"required": True, "content": contenu(body)}
            contrat["responses"]["422"] = {"description": "Corps refusé", "content": contenu(Problem)}
        DOC["paths"].setdefault(re.sub(r"<(\w+)>", r"{\1}", rule), {})[method.lower()] = contrat

        @wraps(vue)
        def valider(**kwargs):
            if body:
                corps = request.get_json(silent=True)
                try:
                    kwargs["body"] = body.model_validate(corps if isinstance(corps, dict) else {})
                except ValidationError as e:
                    fautes = {str(f["loc"][0]): f["msg"] for f in e.errors()}
                    return repondre(Problem(error="article refusé", fields=fautes), 422)
            with verrou:
                return vue(**kwargs)

        app.add_url_rule(rule, vue.__name__, valider, methods=[method])
        return vue

    return decorer


def repondre(modele, status=200):
    return Response(modele.model_dump_json(), status, mimetype="application/json")


def lire(sku):
    ligne = base.execute("SELECT doc FROM products WHERE sku = ?", (sku,)).fetchone()
    return Product.model_validate_json(ligne[0]) if ligne else None


@operation("GET", "/products", s200=("Le catalogue", Catalogue))
def list_products():
    """Tout le catalogue"""
    lignes = base.execute("SELECT doc FROM products ORDER BY rowid").fetchall()
    return repondre(Catalogue(products=[Product.model_validate_json(doc) for (doc,) in lignes]))


@operation("GET", "/products/<sku>", s200=("L’article", Product), s404=("Inconnu", Problem))
def show_product(sku):
    """Un article"""
    produit = lire(sku)
    return repondre(produit) if produit else repondre(Problem(error="article inconnu"), 404)


@operation("POST", "/products", body=Product, s201=("Ajouté", Product), s409=("SKU pris", Problem))
def add_product(body):
    """Ajouter un article"""
    try:
        base.execute("INSERT INTO products VALUES (?, ?)", (body.sku, body.model_dump_json()))
    except sqlite3.IntegrityError:
        return repondre(Problem(error="ce SKU est pris"), 409)
    return repondre(body, 201)


@operation("PUT", "/products/<sku>", body=Product, s200=("Remplacé", Product), s201=("Ajouté", Product))
def put_product(sku, body):
    """Remplacer un article"""
    status = 200 if lire(sku) else 201
    body = body.model_copy(update={"sku": sku})
    base.execute("REPLACE INTO products VALUES (?, ?)", (sku, body.model_dump_json()))
    return repondre(body, status)


@operation("DELETE", "/products/<sku>", s204=("Supprimé", None))
def remove_product(sku):
    """Supprimer un article"""
    base.execute("DELETE FROM products WHERE sku = ?", (sku,))
    return "", 204


@app.get("/openapi/openapi.json")
def document():
    return Response(json.dumps(DOC, ensure_ascii=False), mimetype="application/json")
