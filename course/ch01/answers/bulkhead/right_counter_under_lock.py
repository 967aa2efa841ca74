# counts who is inside under a lock, instead of a semaphore.
import threading
from collections import Counter
from contextlib import contextmanager

import requests
from flask import Flask, abort, request

app = Flask("bloc")
inside, lock = Counter(), threading.Lock()


@contextmanager
def compartment(part):
    with lock:
        full = inside[part] >= 2
        if not full:
            inside[part] += 1
    if full:
        abort(503)
    try:
        yield
    finally:
        with lock:
            inside[part] -= 1


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
