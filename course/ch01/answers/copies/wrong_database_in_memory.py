# feedback: de deux exemplaires
import json
import sqlite3
import threading

from flask import Flask, abort, request

app = Flask("caisse")
base, turn = sqlite3.connect(":memory:", check_same_thread=False), threading.Lock()
base.execute("CREATE TABLE orders (number INTEGER PRIMARY KEY, body TEXT)")


@app.post("/orders")
def place_order():
    with turn:
        added = base.execute("INSERT INTO orders (body) VALUES (?)", [json.dumps(request.json)])
        return {"number": added.lastrowid}, 201


@app.get("/orders/<int:number>")
def show_order(number):
    with turn:
        row = base.execute("SELECT body FROM orders WHERE number = ?", [number]).fetchone()
    return json.loads(row[0]) if row else abort(404)
