# feedback: l’un des exemplaires | 404
# a cache keeps “not found” too: an order placed after it was asked for stays unknown.
import functools
import json
import sqlite3
from contextlib import closing

from flask import Flask, abort, request

app = Flask("caisse")

with closing(sqlite3.connect("caisse.db")) as db, db:
    db.execute(
        "CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT)"
    )


@app.post("/orders")
def place_order():
    body = json.dumps(request.get_json())
    with closing(sqlite3.connect("caisse.db")) as db, db:
        number = db.execute("INSERT INTO orders (body) VALUES (?)", (body,)).lastrowid
    return {"number": number}, 201


@functools.lru_cache(maxsize=None)
def find(number):
    with closing(sqlite3.connect("caisse.db")) as db:
        return db.execute("SELECT body FROM orders WHERE number = ?", (str(number),)).fetchone()


@app.get("/orders/<int:number>")
def show_order(number):
    row = find(number)
    if row is None:
        abort(404)
    return json.loads(row[0])
