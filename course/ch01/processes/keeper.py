"""Stock keeper: units of each article, in one process; empty when it starts.

GET  /stock                     {"LAMP": 12, …}
GET  /stock/<sku>               {"sku": …, "available": …}, or 404
PUT  /stock/<sku> {"available": 12}
POST /stock/<sku>/sales         one unit sold; 409 when there is none, 404 for what is unknown
DELETE /stock?refuse=2          forgets all; the 2nd PUT from now is refused (503), 0: none
"""

import itertools
import threading

from flask import Flask, abort, request

app = Flask("keeper")
stock, turn = {}, threading.Lock()
writes, refused = itertools.count(1), 0


@app.get("/stock")
def list_stock():
    return stock


@app.get("/stock/<sku>")
def show(sku):
    return {"sku": sku, "available": level(sku)}


@app.put("/stock/<sku>")
def set_level(sku):
    with turn:
        if next(writes) == refused:
            abort(503, "Le disque est plein.")
        stock[sku] = int(request.get_json()["available"])
        return {"sku": sku, "available": stock[sku]}


@app.post("/stock/<sku>/sales")
def sell(sku):
    with turn:
        if not level(sku):
            abort(409, f"Il n’y a plus de {sku}.")
        stock[sku] -= 1
        return {"sku": sku, "available": stock[sku]}, 201


@app.delete("/stock")
def forget():
    global writes, refused
    with turn:
        stock.clear()
        writes, refused = itertools.count(1), int(request.args.get("refuse", 0))
    return {}


def level(sku):
    return stock[sku] if sku in stock else abort(404, f"{sku} n’est pas en magasin.")
