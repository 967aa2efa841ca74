import sqlite3

from flask import Flask

app = Flask(__name__)
db = sqlite3.connect(":memory:", check_same_thread=False)
db.row_factory = sqlite3.Row
db.execute("create table products (sku text primary key, name text, price_cents integer)")
db.execute("insert into products values ('LAMP', 'Lampe de bureau', 3990), ('MUG', 'Tasse', 990)")


@app.get("/products")
def list_products():
    return {"products": [dict(row) for row in db.execute("select * from products")], "total": 2}


@app.get("/products/<sku>")
def show_product(sku):
    row = db.execute("select * from products where sku = ?", (sku,)).fetchone()
    return dict(row) if row else ({"title": "Not Found"}, 404)
