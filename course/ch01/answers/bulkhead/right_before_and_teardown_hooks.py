# Flask's own hooks, by the first word of the path; the views know nothing.
import threading

import requests
from flask import Flask, Response, g, request

app = Flask("bloc")
free = {part: threading.Semaphore(2) for part in ("products", "orders", "reports")}


@app.before_request
def enter():
    part = request.path.split("/")[1]
    if part in free:
        if not free[part].acquire(blocking=False):
            return Response("complet", 503)
        g.part = part


@app.teardown_request
def leave(error):
    if "part" in g:
        free[g.part].release()


@app.get("/products/<sku>")
def show_product(sku):
    return {"sku": sku, "price_cents": 3990}


@app.get("/orders")
@app.get("/reports")
def ask():
    answer = requests.get(request.args["partner"])
    answer.raise_for_status()
    return answer.text
