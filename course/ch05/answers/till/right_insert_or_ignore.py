import sqlite3
import time
import uuid

from flask import Flask, abort, request

app = Flask(__name__)
failed = set()


def sql(statement, *values):
    with sqlite3.connect("caisse.db", timeout=10) as db:
        return db.execute(statement, values).fetchall()


sql("CREATE TABLE IF NOT EXISTS debits (card TEXT, began REAL, ended REAL)")
sql("CREATE TABLE IF NOT EXISTS receipts (key TEXT PRIMARY KEY, receipt TEXT)")


def debit(card):
    """La banque débite la carte, à chaque appel ; OSError si elle est en panne."""
    began = time.monotonic()
    time.sleep(0.3)
    if card.startswith("tok_down") and card not in failed:
        failed.add(card)
        raise OSError("la banque ne répond pas")
    sql("INSERT INTO debits VALUES (?, ?, ?)", card, began, time.monotonic())


@app.get("/debits/<card>")
def debits(card):
    return {"debits": sql("SELECT began, ended FROM debits WHERE card = ?", card)}


@app.post("/payments")
def pay():
    key = request.headers.get("Idempotency-Key", "").strip()
    if key == "":
        abort(400)
    receipt = f"R-{uuid.uuid4()}"
    with sqlite3.connect("caisse.db") as db:
        db.execute("CREATE TABLE IF NOT EXISTS claims (key TEXT PRIMARY KEY)")
        mine = db.execute("INSERT OR IGNORE INTO claims VALUES (?)", [key]).rowcount == 1
    if not mine:
        kept = sql("SELECT receipt FROM receipts WHERE key = ?", key)
        if not kept:
            return {"status": "en cours"}, 409
        return {"receipt": kept[0][0]}, 201
    try:
        debit(request.get_json()["card"])
    except Exception:
        sql("DELETE FROM claims WHERE key = ?", key)
        return {"status": "banque en panne"}, 503
    sql("INSERT INTO receipts VALUES (?, ?)", key, receipt)
    return {"receipt": receipt}, 201
