import os
import sqlite3
import tempfile

from flask import Flask

app = Flask(__name__)
FILE = os.path.join(tempfile.mkdtemp(), "rayon.db")


def database():
    db = sqlite3.connect(FILE, isolation_level=None)
    db.execute("CREATE TABLE IF NOT EXISTS orders (id PRIMARY KEY, state)")
    return db


@app.put("/reservations/<order>")
def reserve(order):
    db = database()
    db.execute("INSERT OR IGNORE INTO orders VALUES (?, 'HELD')", [order])
    [(state,)] = db.execute("SELECT state FROM orders WHERE id = ?", [order])
    return ({"state": state}, 200) if state == "HELD" else ({"detail": "annulée"}, 410)


@app.delete("/reservations/<order>")
def release(order):
    database().execute(
        "INSERT INTO orders VALUES (?, 'GONE') ON CONFLICT (id) DO UPDATE SET state = 'GONE'",
        [order],
    )
    return "", 204


@app.get("/stock")
def show():
    [(aside,)] = database().execute("SELECT count(*) FROM orders WHERE state = 'HELD'")
    return {"left": 1000 - aside, "aside": aside}
