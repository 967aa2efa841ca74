# feedback: arrêtée à la ligne | donné deux fois
# last_insert_rowid() belongs to the connection: another thread may have used it in between.
import json
import sqlite3

from flask import Flask, abort, request

app = Flask("caisse")

db = sqlite3.connect("caisse.db", check_same_thread=False)
db.execute("CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT)")
db.commit()


@app.post("/orders")
def place_order():
    db.execute("INSERT INTO orders (body) VALUES (?)", (json.dumps(request.get_json()),))
    db.commit()
    (number,) = db.execute("SELECT last_insert_rowid()").fetchone()
    return {"number": number}, 201


@app.get("/orders/<int:number>")
def show_order(number):
    row = db.execute("SELECT body FROM orders WHERE number = ?", (str(number),)).fetchone()
    if row is None:
        abort(404)
    return json.loads(row[0])
