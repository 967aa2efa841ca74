# feedback: au même moment | paierait deux fois
# mistake: regarde(nt) la clé, puis débite(nt), en deux temps
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
    key = request.headers.get("Idempotency-Key") or abort(400)
    known = sql("SELECT receipt FROM receipts WHERE key = ?", key)
    if known:
        return {"receipt": known[0][0]}, 201
    try:
        debit(request.get_json()["card"])
    except OSError:
        abort(503)
    receipt = str(uuid.uuid4())
    sql("INSERT OR IGNORE INTO receipts VALUES (?, ?)", key, receipt)
    return {"receipt": receipt}, 201
