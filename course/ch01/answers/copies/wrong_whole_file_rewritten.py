# feedback: arrêtée à la ligne | 404
# numbers are drawn and never meet; the file is read, changed and written whole: an order is lost.
import json
import secrets
from pathlib import Path

from flask import Flask, abort, request

app = Flask("caisse")
book = Path("caisse.json")


def read():
    return json.loads(book.read_text()) if book.exists() else {}


@app.post("/orders")
def place_order():
    orders = read()
    number = 1 + secrets.randbelow(2**48)
    orders[str(number)] = request.get_json()
    draft = Path(f"caisse-{number}.json")
    draft.write_text(json.dumps(orders))
    draft.replace(book)
    return {"number": number}, 201


@app.get("/orders/<int:number>")
def show_order(number):
    orders = read()
    return orders[str(number)] if str(number) in orders else abort(404)
