# feedback: de côté
from flask import Flask, abort

app = Flask(__name__)
last, stock = {"cancelled": None, "held": None}, {"left": 1000, "aside": 0}


@app.put("/reservations/<order>")
def reserve(order):
    if last["cancelled"] == order:
        abort(410)
    if last["held"] != order:
        last["held"] = order
        stock.update(left=stock["left"] - 1, aside=stock["aside"] + 1)
    return {"order": order}


@app.delete("/reservations/<order>")
def release(order):
    if last["held"] == order:
        last["held"] = None
        stock.update(left=stock["left"] + 1, aside=stock["aside"] - 1)
    last["cancelled"] = order
    return "", 204


@app.get("/stock")
def show():
    return stock
