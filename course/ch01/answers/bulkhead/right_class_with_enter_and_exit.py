# a class written by hand, a bounded semaphore made at the first use.
import threading

import requests
from flask import Flask, abort, request

app = Flask("bloc")


class Compartment:
    def __init__(self):
        self.places = threading.BoundedSemaphore(2)

    def __enter__(self):
        if not self.places.acquire(blocking=False):
            abort(503)

    def __exit__(self, *error):
        self.places.release()


compartments = {}
lock = threading.Lock()


def compartment(part):
    with lock:
        return compartments.setdefault(part, Compartment())


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
