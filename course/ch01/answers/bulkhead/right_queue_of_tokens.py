# a queue of tokens a part: get_nowait takes one, put gives it back.
import queue
from contextlib import contextmanager

import requests
from flask import Flask, abort, request

app = Flask("bloc")
tokens = {part: queue.Queue() for part in ("products", "orders", "reports")}
for places in tokens.values():
    places.put("une place")
    places.put("une place")


@contextmanager
def compartment(part):
    try:
        token = tokens[part].get_nowait()
    except queue.Empty:
        abort(503, "complet")
    try:
        yield
    finally:
        tokens[part].put(token)


@app.get("/products/<sku>")
def show_product(sku):
    with compartment("products"):
        return {"sku": sku, "price_cents": 3990}


@app.get("/orders")
def show_orders():
    with compartment("orders"):
        return ask(request.args["partner"])


@app.get("/reports")
def show_reports():
    with compartment("reports"):
        return ask(request.args["partner"])


def ask(partner):
    """Attend la réponse d’un partenaire, aussi longtemps qu’il le veut."""
    answer = requests.get(partner)
    answer.raise_for_status()
    return answer.text
