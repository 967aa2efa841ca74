import sqlite3
import threading

from flask import Flask, abort

app = Flask(__name__)
verrou = threading.Lock()
base = sqlite3.connect(":memory:", check_same_thread=False)
base.row_factory = sqlite3.Row
with base:
    base.execute("CREATE TABLE products (sku TEXT PRIMARY KEY, name TEXT NOT NULL, price_cents INTEGER NOT NULL)")
    base.executemany(
        "INSERT INTO products VALUES (?, ?, ?)",
        [("LAMP", "Lampe de bureau", 3990), ("MUG", "Tasse", 990)],
    )


def lignes(sql, *valeurs):
    with verrou:
        return [dict(ligne) for ligne in base.execute(sql, valeurs)]


@app.get("/products")
def list_products():
    return {"products": lignes("SELECT sku, name, price_cents FROM products ORDER BY sku DESC")}


@app.get("/products/<sku>")
def show_product(sku):
    trouves = lignes("SELECT sku, name, price_cents FROM products WHERE sku = ?", sku)
    if not trouves:
        abort(404, description=f"Pas d’article {sku}.")
    return trouves[0]
