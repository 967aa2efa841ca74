import json
import os
import re
import secrets
import sqlite3
import sys
import threading
from collections import defaultdict
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

from flask import Flask, abort, request
from flask.views import MethodView

app = Flask(__name__)
local = threading.local()  # une connexion sqlite par thread


def db():
    if not hasattr(local, "db"):
        local.db = sqlite3.connect("orders.db", timeout=10, isolation_level=None)
    return local.db


db().execute(
    """CREATE TABLE IF NOT EXISTS commandes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sku TEXT NOT NULL, quantity TEXT NOT NULL, unit TEXT, cle TEXT UNIQUE)"""
)


def as_order(row):
    number, sku, quantity, unit = row
    order = {"id": number, "sku": sku, "quantity": int(quantity)}
    if unit is not None:
        order |= {"unit_price_cents": int(unit), "total_cents": int(unit) * int(quantity)}
    return order


def select(where="", *values):
    rows = db().execute(f"SELECT id, sku, quantity, unit FROM commandes {where}", values)
    return [as_order(row) for row in rows.fetchall()]


def insert(sku, quantity, unit=None, key=None):
    done = db().execute(
        "INSERT INTO commandes (sku, quantity, unit, cle) VALUES (?, ?, ?, ?)",
        (sku, str(quantity), None if unit is None else str(unit), key),
    )
    return select("WHERE id = ?", done.lastrowid)[0]


def read_body():
    """(sku, quantity), ou un refus 400."""
    match request.get_json(force=True, silent=True):
        case {"sku": str(sku), "quantity": int(quantity)} if (
            sku and not isinstance(quantity, bool) and quantity >= 1
        ):
            try:
                sku.encode()
            except UnicodeEncodeError:
                abort(400)
            return sku, quantity
    abort(400)


def products_url():
    if url := os.environ.get("PRODUCTS_URL"):
        return url
    with urlopen(f"{os.environ['REGISTRY_URL']}/instances/products", timeout=1) as answer:
        instances = json.load(answer)["instances"]
    return instances[0]["url"] if instances else abort(503)


def ask(sku, headers):
    """Le statut et les octets que répond Products."""
    base = urlsplit(products_url())
    link = HTTPConnection(base.hostname, base.port, timeout=1)
    try:
        link.request("GET", f"{base.path.rstrip('/')}/products/{quote(sku, safe='')}", headers=headers)
        answer = link.getresponse()
        return answer.status, answer.read()
    finally:
        link.close()


def price_of(sku):
    try:
        status, content = ask(sku, {"X-Request-Id": request.environ["orders.request_id"]})
    except ConnectionRefusedError:
        abort(503)
    except TimeoutError:
        abort(504)
    except (OSError, HTTPException) as error:
        abort(503 if isinstance(getattr(error, "reason", None), ConnectionRefusedError) else 502)
    match status:
        case 200:
            pass
        case 404:
            abort(422)
        case 503 | 504:
            abort(status)
        case _:
            abort(502)
    try:
        product = json.loads(content)
    except (ValueError, RecursionError):
        abort(502)
    match product:
        case {"sku": str(name), "price_cents": int(price)} if (
            name == sku and not isinstance(price, bool) and price >= 0
        ):
            return price
    abort(502)


class Orders(MethodView):
    def get(self):
        return {"orders": select("ORDER BY id")}

    locks = defaultdict(threading.Lock)  # un verrou par clé : le second attend le premier
    guard = threading.Lock()

    def post(self):
        key = request.headers.get("Idempotency-Key")
        if not key:
            order = self.take(None)
        else:
            with self.guard:
                lock = self.locks[key]
            with lock:
                known = select("WHERE cle = ?", key)
                order = known[0] if known else self.take(key)
        request.environ["orders.order_id"] = order["id"]
        return order, 201

    def take(self, key):
        sku, quantity = read_body()
        return insert(sku, quantity, price_of(sku), key)


class Order(MethodView):
    def get(self, number):
        found = select("WHERE id = ?", number) if number < 2**63 else []
        return found[0] if found else abort(404)


app.add_url_rule("/orders", view_func=Orders.as_view("orders"))
app.add_url_rule("/orders/<int:number>", view_func=Order.as_view("order"))


class Journal:
    """Un intergiciel WSGI : l’identifiant à l’entrée, la ligne à la sortie."""

    SHAPE = re.compile(r"\A[0-9A-Za-z-]{1,64}\Z")
    pen = threading.Lock()

    def __init__(self, inner):
        self.inner = inner

    def __call__(self, environ, start_response):
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = given if self.SHAPE.match(given) else secrets.token_hex(16)
        environ["orders.request_id"] = request_id
        if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) != ("POST", "/orders"):
            return self.inner(environ, start_response)

        def start(status, headers, *rest):
            code = int(status.split()[0])
            line = {"event": "order.refused", "request_id": request_id, "status": code}
            if code == 201:
                line |= {"event": "order.created", "order_id": environ["orders.order_id"]}
            with self.pen:
                sys.stdout.write(f"{json.dumps(line)}\n")
                sys.stdout.flush()
            return start_response(status, [*headers, ("X-Request-Id", request_id)], *rest)

        return self.inner(environ, start)


app.wsgi_app = Journal(app.wsgi_app)
