"""Three parts of a small shop, in one process or in three: the name of the process says which.

GET /products/<sku>      a price
GET /orders/<sku>        what an order of it would cost; ?reports=URL: asks the reports first
GET /reports?partner=URL asks the accountants, who may never answer; ?bug=1: dies of it
"""

import os
import signal
import threading
from contextlib import contextmanager

import requests
from flask import Flask, abort, request

PARTS = ("products", "orders", "reports")
# Which parts a process holds, and how many requests each of them may hold (0: no bulkhead).
FORMS = {
    "bloc": (PARTS, 0),
    "cloisons": (PARTS, 2),
    "fiches": (("products",), 0),
    "commandes": (("orders",), 0),
    "rapports": (("reports",), 0),
}
PRICES = {"LAMP": 3990, "MUG": 990}

app = Flask("parts")
parts, places = FORMS[os.environ.get("SERVICE_NAME", "bloc")]
free = {part: threading.Semaphore(places) for part in parts}


def price_of(sku):
    """Cents."""
    return PRICES[sku]


def part(path, name):
    """Serve a view under `path` if this process holds the part it belongs to."""

    def keep(view):
        def guarded(**arguments):
            with compartment(name):
                return view(**arguments)

        if name in parts:
            app.add_url_rule(path, name, guarded)
        return view

    return keep


@contextmanager
def compartment(name):
    """One of the places of a part, or 503 at once; without bulkhead, no limit."""
    if places and not free[name].acquire(blocking=False):
        abort(503, f"La partie {name} est pleine.")
    try:
        yield
    finally:
        if places:
            free[name].release()


@part("/products/<sku>", "products")
def show_product(sku):
    return {"sku": sku, "price_cents": price_of(sku)}


@part("/orders/<sku>", "orders")
def show_order(sku):
    if reports := request.args.get("reports"):
        requests.get(reports)  # no time-out, as in most programs
    return {"sku": sku, "total_cents": 2 * PRICES[sku]}


@part("/reports", "reports")
def show_report():
    if request.args.get("bug"):
        os.kill(os.getpid(), signal.SIGKILL)  # as the system does to who takes too much memory
    return requests.get(request.args["partner"]).text  # no time-out either
