import json
import sqlite3
import threading

from flask import Flask, abort, request

app = Flask(__name__)
verrou = threading.RLock()
base = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
base.execute("CREATE TABLE products (sku TEXT PRIMARY KEY, doc TEXT NOT NULL)")


def article_recu():
    corps = request.get_json()
    if not isinstance(corps, dict):
        abort(400)
    return corps


@app.get("/products")
def list_products():
    with verrou:
        return {"products": [json.loads(doc) for (doc,) in base.execute("SELECT doc FROM products")]}


@app.get("/products/<sku>")
def show_product(sku):
    with verrou:
        ligne = base.execute("SELECT doc FROM products WHERE sku = ?", (sku,)).fetchone()
    if ligne is None:
        abort(404)
    return json.loads(ligne[0])


@app.post("/products")
def add_product():
    article = article_recu()
    if not isinstance(article.get("sku"), str):
        abort(400)
    with verrou:
        try:
            base.execute("INSERT INTO products VALUES (?, ?)", (article["sku"], json.dumps(article)))
        except sqlite3.IntegrityError:
            abort(409)
    return article, 201


@app.put("/products/<sku>")
def put_product(sku):
    article = {**article_recu(), "sku": sku}
    with verrou:
        change = base.execute("UPDATE products SET doc = ? WHERE sku = ?", (json.dumps(article), sku)).rowcount
        if not change:
            base.execute("INSERT INTO products VALUES (?, ?)", (sku, json.dumps(article)))
    return article, 200 if change else 201


@app.delete("/products/<sku>")
def remove_product(sku):
    with verrou:
        base.execute("DELETE FROM products WHERE sku = ?", (sku,))
    return "", 204
