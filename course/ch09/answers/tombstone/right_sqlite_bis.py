import sqlite3
from threading import Lock

from flask import Flask, jsonify
from werkzeug.exceptions import Gone

app = Flask(__name__)
lock = Lock()
db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
db.execute("CREATE TABLE reservations (id TEXT PRIMARY KEY, cancelled INTEGER NOT NULL)")


@app.put("/reservations/<order>")
def reserve(order):
    with lock:
        db.execute("INSERT OR IGNORE INTO reservations VALUES (?, 0)", (order,))
        (cancelled,) = db.execute("SELECT cancelled FROM reservations WHERE id = ?", (order,)).fetchone()
    if cancelled:
        raise Gone
    return jsonify(order=order)


@app.delete("/reservations/<order>")
def release(order):
    with lock:
        db.execute("INSERT OR REPLACE INTO reservations VALUES (?, 1)", (order,))
    return "", 204


@app.get("/stock")
def show():
    with lock:
        (aside,) = db.execute("SELECT count(*) FROM reservations WHERE cancelled = 0").fetchone()
    return jsonify(left=1000 - aside, aside=aside)
