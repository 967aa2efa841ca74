# feedback: redémarrage | seconde fois
# each copy has its own range: right until it is started again.
import itertools
import json
import os
import sqlite3

from flask import Flask, abort, request

app = Flask("caisse")
instance = int(os.environ["INSTANCE"].rpartition("-")[2])
numbers = itertools.count(instance * 1_000_000 + 1)


def database():
    base = sqlite3.connect("caisse.db")
    base.execute("CREATE TABLE IF NOT EXISTS orders (number INTEGER, body TEXT)")
    return base


@app.post("/orders")
def place_order():
    number = next(numbers)
    with database() as base:
        base.execute("INSERT INTO orders VALUES (?, ?)", (number, json.dumps(request.json)))
    return {"number": number}, 201


@app.get("/orders/<int:number>")
def show_order(number):
    row = database().execute("SELECT body FROM orders WHERE number = ?", (number,)).fetchone()
    return json.loads(row[0]) if row else abort(404)
