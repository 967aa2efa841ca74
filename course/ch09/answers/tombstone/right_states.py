from flask import Flask, abort

app = Flask(__name__)
orders, stock = {}, {"left": 1000, "aside": 0}


@app.put("/reservations/<order>")
def reserve(order):
    if orders.get(order) == "annulée":
        abort(410)
    if order not in orders:
        orders[order] = "de côté"
        stock.update(left=stock["left"] - 1, aside=stock["aside"] + 1)
    return {"order": order}


@app.delete("/reservations/<order>")
def release(order):
    if orders.get(order) == "de côté":
        stock.update(left=stock["left"] + 1, aside=stock["aside"] - 1)
    orders[order] = "annulée"
    return "", 204


@app.get("/stock")
def show():
    return stock
