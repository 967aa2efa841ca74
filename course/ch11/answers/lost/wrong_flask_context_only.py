# feedback: contient aucun appel servi
# Flask's request follows the task, and not the chassis's own context variable.
import os
from concurrent.futures import ThreadPoolExecutor

import requests
from flask import Flask, copy_current_request_context

app = Flask(__name__)
pool = ThreadPoolExecutor(16)


def ask(service, path):
    found = requests.get(f"{os.environ['REGISTRY_URL']}/instances/{service}", timeout=5).json()
    return requests.get(found["instances"][0]["url"] + path, timeout=5).json()


@app.get("/quotes/<sku>")
def show_quote(sku):
    product = pool.submit(copy_current_request_context(ask), "products", f"/products/{sku}")
    stock = pool.submit(copy_current_request_context(ask), "inventory", f"/stock/{sku}")
    return {
        "price_cents": product.result()["price_cents"],
        "available": stock.result()["available"],
    }
