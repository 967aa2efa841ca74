import json
import math
import re
import sqlite3
import threading

from flask import Flask, abort, request

app = Flask(__name__)
verrou = threading.Lock()
base = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
base.execute(
    """
    CREATE TABLE products (
        key TEXT PRIMARY KEY,
        doc TEXT NOT NULL,
        CONSTRAINT sku CHECK (coalesce(json_type(doc, '$.sku') = 'text' AND json_extract(doc, '$.sku') <> '', 0)),
        CONSTRAINT name CHECK (coalesce(json_type(doc, '$.name') = 'text' AND json_extract(doc, '$.name') <> '', 0)),
        CONSTRAINT price_cents CHECK (
            coalesce(json_type(doc, '$.price_cents') = 'integer' AND json_extract(doc, '$.price_cents') >= 0, 0)
        )
    )
    """
)


class Refus(Exception):
    pass


@app.errorhandler(Refus)
def refuser(e):
    return {"error": "article refusé", "field": str(e)}, 422


def nombre(texte):
    valeur = float(texte)
    return valeur if math.isfinite(valeur) else None


def corps_recu():
    try:
        # NaN et l’infini ne sont pas du JSON ; ils deviennent null, que les contraintes refusent.
        corps = json.loads(request.get_data(), parse_constant=lambda _: None, parse_float=nombre)
    except ValueError:
        corps = {}
    return corps if isinstance(corps, dict) else {}


def ecrire(sql, *valeurs):
    try:
        return base.execute(sql, valeurs)
    except sqlite3.IntegrityError as e:
        broken = re.fullmatch(r"CHECK constraint failed: (\w+)", str(e))
        if broken:
            raise Refus(broken[1]) from None
        raise


@app.get("/products")
def list_products():
    with verrou:
        return {"products": [json.loads(doc) for (doc,) in base.execute("SELECT doc FROM products ORDER BY key")]}


@app.get("/products/<sku>")
def show_product(sku):
    with verrou:
        ligne = base.execute("SELECT doc FROM products WHERE key = ?", (json.dumps(sku),)).fetchone()
    return json.loads(ligne[0]) if ligne else abort(404)


@app.post("/products")
def add_product():
    article = corps_recu()
    with verrou:
        try:
            ecrire("INSERT INTO products VALUES (?, ?)", json.dumps(article.get("sku")), json.dumps(article))
        except sqlite3.IntegrityError:
            abort(409)
    return article, 201


@app.put("/products/<sku>")
def put_product(sku):
    article = corps_recu()
    if article.get("sku"):
        # Le chemin l’emporte, mais un sku qui n’est pas un texte reste fautif.
        article["sku"] = sku if isinstance(article["sku"], str) else None
    doc = json.dumps(article)
    with verrou:
        connu = base.execute("SELECT 1 FROM products WHERE key = ?", (json.dumps(sku),)).fetchone()
        ecrire("INSERT INTO products VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET doc = excluded.doc", json.dumps(sku), doc)
    return article, 200 if connu else 201


@app.delete("/products/<sku>")
def remove_product(sku):
    with verrou:
        base.execute("DELETE FROM products WHERE key = ?", (json.dumps(sku),))
    return "", 204
