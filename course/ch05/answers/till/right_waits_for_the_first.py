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
    key = request.headers.get("Idempotency-Key")
    if not key:
        return {"error": "clé manquante"}, 400
    while True:
        try:
            sql("INSERT INTO receipts VALUES (?, '')", key)
            break
        except sqlite3.IntegrityError:
            known = sql("SELECT receipt FROM receipts WHERE key = ?", key)
            if known and known[0][0]:
                return known[0][0], 201
            time.sleep(0.02)
    try:
        debit(request.json["card"])
    except OSError:
        sql("DELETE FROM receipts WHERE key = ?", key)
        return {"error": "banque en panne"}, 503
    sql("UPDATE receipts SET receipt = ? WHERE key = ?", f"payé par {key}", key)
    return f"payé par {key}", 201
