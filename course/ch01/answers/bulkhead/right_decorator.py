# a decorator with an argument, errors of the partner turned into 502.
import functools
import threading

import requests
from flask import Flask, request

app = Flask("bloc")


def bulkhead(places=2):
    free = threading.BoundedSemaphore(places)

    def decorate(view):
        @functools.wraps(view)
        def guarded(*args, **kwargs):
            if not free.acquire(blocking=False):
                return {"error": "complet"}, 503, {"Retry-After": "1"}
            try:
                return view(*args, **kwargs)
            finally:
                free.release()

        return guarded

    return decorate


@app.get("/products/<sku>")
@bulkhead()
def show_product(sku):
    return {"sku": sku, "price_cents": 3990}


@app.get("/orders")
@bulkhead()
def show_orders():
    return ask(request.args["partner"])


@app.get("/reports")
@bulkhead()
def show_reports():
    return ask(request.args["partner"])


def ask(partner):
    try:
        answer = requests.get(partner)
        answer.raise_for_status()
    except requests.RequestException:
        return "partenaire en panne", 502
    return answer.text
