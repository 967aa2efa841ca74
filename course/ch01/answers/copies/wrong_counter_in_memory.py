# feedback: de deux exemplaires
# the orders are in the database, their numbers are still counted by each copy.
import itertools
import json
import sqlite3

from flask import Flask, abort, request

app = Flask("caisse")
numbers = itertools.count(1)


def database():
    base = sqlite3.connect("caisse.db")
    base.execute("CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY, body TEXT)")
    return base


@app.post("/orders")
def place_order():
    number = next(numbers)
    with database() as base:
        base.execute("REPLACE INTO orders VALUES (?, ?)", (number, json.dumps(request.json)))
    return {"number": number}, 201


@app.get("/orders/<int:number>")
def show_order(number):
    row = database().execute("SELECT body FROM orders WHERE number = ?", (number,)).fetchone()
    return json.loads(row[0]) if row else abort(404)
