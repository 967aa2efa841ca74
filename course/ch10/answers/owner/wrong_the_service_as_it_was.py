# feedback: demande la commande de | 404
# the flawed service, copied and not mended.
from itertools import count

from flask import Flask, abort, request

app = Flask(__name__)
orders, numbers = {}, count(1)


def customer():
    return request.headers.get("X-User-Id") or abort(401)


@app.post("/orders")
def place():
    order = {"id": str(next(numbers)), "customer": customer(), **request.get_json()}
    orders[order["id"]] = order
    return order, 201


@app.get("/orders")
def list_mine():
    return {"orders": [order for order in orders.values() if order["customer"] == customer()]}


@app.get("/orders/<id>")
def show(id):
    customer()
    return orders.get(id) or abort(404)


@app.delete("/orders/<id>")
def cancel(id):
    customer()
    if orders.pop(id, None) is None:
        abort(404)
    return "", 204
