import secrets

from flask import Flask, abort, jsonify, request

app = Flask(__name__)
orders = []


def customer():
    return request.headers.get("X-User-Id") or abort(401)


def mine():
    name = customer()
    return [order for order in orders if order["customer"] == name]


@app.post("/orders")
def place():
    name, body = customer(), request.get_json()
    if set(body) - {"item"}:
        abort(422, "item, et rien d’autre")
    order = {"id": secrets.token_hex(8), "customer": name, "item": body["item"]}
    orders.append(order)
    return jsonify(order), 201


@app.get("/orders")
def list_mine():
    return jsonify(orders=mine())


@app.get("/orders/<id>")
def show(id):
    for order in mine():
        if order["id"] == id:
            return jsonify(order)
    return jsonify(error="inconnue"), 404


@app.delete("/orders/<id>")
def cancel(id):
    for order in mine():
        if order["id"] == id:
            orders.remove(order)
            return "", 204
    return jsonify(error="inconnue"), 404
