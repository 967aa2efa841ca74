import sqlite3
import threading

from flask import Flask, abort, request

app = Flask(__name__)
db = sqlite3.connect(":memory:", check_same_thread=False)
db.execute("CREATE TABLE lease (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, url TEXT)")
turn = threading.Lock()


@app.post("/instances/<name>")
def register(name):
    url = request.get_json()["url"]
    with turn:
        db.execute("DELETE FROM lease WHERE name = ?", (name,))
        row = db.execute("INSERT INTO lease (name, url) VALUES (?, ?)", (name, url))
    return {"lease": row.lastrowid, "url": url}, 201


@app.put("/instances/<name>")
def beat(name):
    body = request.get_json()
    query = "UPDATE lease SET url = ? WHERE name = ? AND id = ?"
    return changed(query, body["url"], name, body["lease"])


@app.delete("/instances/<name>")
def leave(name):
    return changed("DELETE FROM lease WHERE name = ? AND id = ?", name, request.args["lease"])


def changed(query, *values):
    with turn:
        rows = db.execute(query, values).rowcount
    return ("", 204) if rows else abort(409)


@app.get("/instances/<name>")
def show(name):
    with turn:
        row = db.execute("SELECT id, url FROM lease WHERE name = ?", (name,)).fetchone()
    return {"lease": row[0], "url": row[1]} if row else abort(404)
