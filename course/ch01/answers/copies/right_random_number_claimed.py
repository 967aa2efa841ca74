# a large random number, claimed as a primary key: a collision tries another.
import json
import secrets
import sqlite3
from contextlib import closing

from flask import Flask, abort, request

app = Flask("caisse")


@app.post("/orders")
def place_order():
    body = json.dumps(request.get_json())
    while True:
        number = 1 + secrets.randbelow(2**40)
        try:
            with closing(database()) as base, base:
                base.execute("INSERT INTO orders VALUES (?, ?)", (number, body))
            return {"number": number}, 201
        except sqlite3.IntegrityError:
            continue


@app.get("/orders/<int:number>")
def show_order(number):
    with closing(database()) as base:
        row = base.execute("SELECT body FROM orders WHERE number = ?", (number,)).fetchone()
    return json.loads(row[0]) if row else abort(404)


def database():
    base = sqlite3.connect("caisse.db")
    base.execute("CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY, body TEXT)")
    return base
