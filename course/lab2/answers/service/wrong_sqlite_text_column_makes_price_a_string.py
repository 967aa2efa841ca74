# feedback: "3990" | un entier
# mistake: donne(nt) le prix en texte
import sqlite3

from flask import Flask, abort, g

app = Flask(__name__)
BASE = "file:catalogue?mode=memory&cache=shared"
gardien = sqlite3.connect(BASE, uri=True, check_same_thread=False)
gardien.execute("CREATE TABLE products (sku TEXT PRIMARY KEY, name TEXT, price_cents TEXT)")
gardien.execute("INSERT INTO products VALUES ('LAMP', 'Lampe de bureau', 3990), ('MUG', 'Tasse', 990)")
gardien.commit()


def db():
    if "db" not in g:
        g.db = sqlite3.connect(BASE, uri=True)
        g.db.row_factory = sqlite3.Row
    return g.db


@app.teardown_appcontext
def fermer(_):
    if "db" in g:
        g.pop("db").close()


@app.get("/products")
def list_products():
    return {"products": [dict(ligne) for ligne in db().execute("SELECT * FROM products")]}


@app.get("/products/<sku>")
def show_product(sku):
    ligne = db().execute("SELECT * FROM products WHERE sku = ?", (sku,)).fetchone()
    if ligne is None:
        abort(404)
    return dict(ligne)
