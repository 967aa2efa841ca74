# feedback: de deux exemplaires
# kept in a file, but read only when the process starts.
import json
from pathlib import Path

from flask import Flask, abort, request

app = Flask("caisse")
file = Path("commandes.json")
orders = json.loads(file.read_text()) if file.exists() else {}


@app.post("/orders")
def place_order():
    number = len(orders) + 1
    orders[str(number)] = request.get_json()
    file.write_text(json.dumps(orders))
    return {"number": number}, 201


@app.get("/orders/<int:number>")
def show_order(number):
    return orders.get(str(number)) or abort(404)
