# OpenTelemetry's own way: the context handed over, and attached in the thread.
import contextvars
import os
from concurrent.futures import ThreadPoolExecutor

import requests
from flask import Flask
from opentelemetry import context

app = Flask(__name__)
pool = ThreadPoolExecutor(16)


def ask(service, path):
    found = requests.get(f"{os.environ['REGISTRY_URL']}/instances/{service}", timeout=5).json()
    return requests.get(found["instances"][0]["url"] + path, timeout=5).json()


def submit(*task):
    """Donne à la réserve une tâche, et le contexte de la requête en cours."""
    return pool.submit(attached, context.get_current(), *task)


def attached(current, function, *arguments):
    token = context.attach(current)
    try:
        return function(*arguments)
    finally:
        context.detach(token)


@app.get("/quotes/<sku>")
def show_quote(sku):
    product = submit(ask, "products", f"/products/{sku}")
    stock = submit(ask, "inventory", f"/stock/{sku}")
    return {
        "price_cents": product.result()["price_cents"],
        "available": stock.result()["available"],
    }
