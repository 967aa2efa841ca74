# a table with the last number, incremented under BEGIN IMMEDIATE.
import json
import sqlite3
from contextlib import contextmanager

from flask import Flask, Response, abort, request

app = Flask("caisse")


@contextmanager
def transaction():
    base = sqlite3.connect("caisse.db", isolation_level=None, timeout=10)
    base.execute("CREATE TABLE IF NOT EXISTS last AS SELECT 1000 AS number")
    base.execute("CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY, body TEXT)")
    base.execute("BEGIN IMMEDIATE")
    try:
        yield base
        base.execute("COMMIT")
    finally:
        base.close()


@app.post("/orders")
def place_order():
    with transaction() as base:
        base.execute("UPDATE last SET number = number + 1")
        (number,) = base.execute("SELECT number FROM last").fetchone()
        base.execute("INSERT INTO orders VALUES (?, ?)", (number, json.dumps(request.json)))
    return {"number": number}, 201


@app.get("/orders/<int:number>")
def show_order(number):
    with transaction() as base:
        row = base.execute("SELECT body FROM orders WHERE number = ?", (number,)).fetchone()
    if row is None:
        abort(404)
    return Response(row[0], mimetype="application/json")
