"""The faults as programs: each is a release of a service of the shop, with one thing changed.

The last two are not the shop's: what others run beside it.
"""

SICK_INSTANCE = """
import os

from services.chassis import Problem
from services.{service}.app import app


@app.before_request
def fail():
    if os.environ["INSTANCE"].endswith("-2"):
        raise Problem(500, "Le service a rencontré une erreur.")
"""

NO_RELAY = """
from services.chassis.outbox import Relay
from services.{service}.app import app

Relay.run_once = lambda relay, channel: 0
"""

ONE_DESK = """
import os
import time

os.environ["THREADS"] = "1"
from services.{service}.app import app


@app.before_request
def wait_for_a_slow_network():
    time.sleep({level})
"""

TIGHT_QUOTA = """
import os

os.environ.update(RATE_LIMIT="{level}", RATE_BURST="3")
from services.{service}.app import app
"""

HIDDEN_KEY = """
from services.auth.app import app
from services.auth.keys import KeyRing

published = KeyRing.public


def without_the_newest(ring):
    kid, _ = ring.current()
    return [key for key in published(ring) if key["kid"] != kid]


KeyRing.public = without_the_newest
"""

NEVER_GIVES_UP = """
from services.chassis import consumer
from services.{service}.app import app

consumer.RETRIES = 1_000_000
"""

FORGETS_FAILURES = """
import itertools

from services.chassis.consumer import Consumer
from services.{service}.app import app

work, counter = Consumer._work, itertools.count()


def work_or_forget(consumer, connection, method, body, span):
    if next(counter) % {level}:
        return work(consumer, connection, method, body, span)
    consumer._tell(span, ConnectionRefusedError("le serveur de courriel ne répond pas"), 1)
    return "handled"


Consumer._work = work_or_forget
"""

OTHER_FIELD = """
from services.{service}.app import app


@app.after_request
def rename(response):
    product = response.get_json(silent=True)
    if isinstance(product, dict) and "price_cents" in product:
        product["price"] = product.pop("price_cents")
        response.set_data(app.json.dumps(product))
    return response
"""

BLAMES_THE_CUSTOMER = """
from flask import abort

from services.chassis.calls import Unavailable
from services.orders import pricing
from services.{service}.app import app

ask, look_up = pricing.service, pricing.look_up


class Hurried:
    def __init__(self, name):
        self.client = ask(name)

    def get(self, path, timeout):
        return self.client.get(path, timeout={level})


def look_up_or_blame(sku):
    try:
        return look_up(sku)
    except Unavailable:
        abort(422, f"Le produit {sku} n’existe pas.")


pricing.service, pricing.look_up = Hurried, look_up_or_blame
"""

KEEPS_WHAT_WAS_RESERVED = """
from services.orders import saga
from services.{service}.app import app

del saga.UNDONE_BY["reserve"]
"""

LONG_BREAK = """
import os

os.environ["BREAKER_OPEN_SECONDS"] = "{level}"
from services.{service}.app import app
"""

HEAVY_LIST = """
import time

from flask import request

from services.{service}.app import app


@app.before_request
def list_everything():
    if (request.method, request.path) == ("GET", "/orders"):
        time.sleep({level})
"""

MIGRATION = """
import sqlite3
import threading

connection = sqlite3.connect({file!r}, isolation_level=None, timeout=60)
connection.execute("BEGIN IMMEDIATE")
threading.Event().wait()
"""

EXPORT = """
import os
import threading

import requests

registry = os.environ["REGISTRY_URL"]
found = requests.get(f"{registry}/instances/gateway", timeout=30).json()
gateway = found["instances"][0]["url"]
who = {"username": "admin", "password": os.environ["DEMO_PASSWORD"]}
token = requests.post(f"{gateway}/auth/login", json=who, timeout=30).json()["access_token"]
pause = threading.Event()


def export():
    while not pause.wait(0.5):
        try:
            headers = {"Authorization": f"Bearer {token}"}
            requests.get(f"{gateway}/orders?limit=100", headers=headers, timeout=30)
        except requests.RequestException:
            continue


for _ in range(12):
    threading.Thread(target=export, daemon=True).start()
pause.wait()
"""

ROUTES = """
import os

os.environ["GATEWAY_ROUTES"] = {file!r}
"""

PLAIN = """
from services.{service}.app import app
"""
