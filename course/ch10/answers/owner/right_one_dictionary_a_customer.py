from collections import defaultdict
from uuid import uuid4

from flask import Flask, abort, g, request

app = Flask(__name__)
shelves = defaultdict(dict)


@app.before_request
def know_the_customer():
    name = request.headers.get("X-User-Id")
    if request.path.startswith("/orders"):
        if not name:
            abort(401)
        g.mine = shelves[name]
        g.name = name


@app.post("/orders")
def place():
    order = {**request.get_json(), "id": str(uuid4()), "customer": g.name}
    g.mine[order["id"]] = order
    return order, 201


@app.get("/orders")
def list_mine():
    return {"orders": [*g.mine.values()]}


@app.get("/orders/<id>")
def show(id):
    if id not in g.mine:
        abort(404)
    return g.mine[id]


@app.delete("/orders/<id>")
def cancel(id):
    if g.mine.pop(id, None) is None:
        abort(404)
    return "", 204
