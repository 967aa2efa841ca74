import sqlite3
import uuid

from flask import Flask, abort, request

app = Flask(__name__)
db = sqlite3.connect("owner.db", check_same_thread=False, isolation_level=None)
db.execute("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, customer TEXT, item TEXT)")


def customer():
    return request.headers.get("X-User-Id") or abort(401)


def as_dict(row):
    return dict(zip(("id", "customer", "item"), row))


@app.post("/orders")
def place():
    row = (uuid.uuid4().hex, customer(), request.get_json().get("item"))
    db.execute("INSERT INTO orders VALUES (?, ?, ?)", row)
    return as_dict(row), 201


@app.get("/orders")
def list_mine():
    rows = db.execute("SELECT * FROM orders WHERE customer = ?", [customer()]).fetchall()
    return {"orders": [as_dict(row) for row in rows]}


@app.get("/orders/<id>")
def show(id):
    wanted = [id, customer()]
    row = db.execute("SELECT * FROM orders WHERE id = ? AND customer = ?", wanted).fetchone()
    return as_dict(row) if row else abort(404)


@app.delete("/orders/<id>")
def cancel(id):
    wanted = [id, customer()]
    gone = db.execute("DELETE FROM orders WHERE id = ? AND customer = ?", wanted).rowcount
    return ("", 204) if gone else abort(404)
