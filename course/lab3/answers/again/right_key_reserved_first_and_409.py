import json
import logging
import os
import re
import sqlite3
import uuid
from contextlib import closing, contextmanager
from typing import Annotated
from urllib.parse import quote

import httpx
from flask import Flask, g, jsonify, request
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError
from werkzeug.exceptions import HTTPException

app = Flask(__name__)
log = logging.getLogger("orders")
log.setLevel(logging.INFO)


class Refused(Exception):
    """Une demande à laquelle on dit non, et pourquoi."""

    def __init__(self, status, why):
        super().__init__(why)
        self.status, self.why = status, why


@app.errorhandler(Refused)
def on_refused(error):
    return jsonify(error=error.why), error.status


class Wanted(BaseModel):
    """Ce que le client demande."""

    model_config = ConfigDict(extra="ignore")
    sku: Annotated[StrictStr, Field(min_length=1)]
    quantity: Annotated[StrictInt, Field(ge=1)]

    @classmethod
    def read(cls):
        try:
            return cls.model_validate_json(request.get_data())
        except ValidationError:
            raise Refused(422, "ce n’est pas une commande") from None


class OrderBook:
    """Le carnet de commandes, sur le disque."""

    def __init__(self, path):
        self.path = path
        with self.open() as db:
            db.execute(
                "CREATE TABLE IF NOT EXISTS book (id TEXT PRIMARY KEY, body TEXT, key TEXT UNIQUE)"
            )
            # ce qui était en cours quand nous sommes morts n’a jamais été une commande
            db.execute("DELETE FROM book WHERE body IS NULL")

    @contextmanager
    def open(self):
        with closing(sqlite3.connect(self.path, timeout=10)) as db, db:
            yield db

    def add(self, order):
        with self.open() as db:
            db.execute("INSERT INTO book (id, body) VALUES (?, ?)", (order["id"], json.dumps(order)))

    def get(self, order_id):
        with self.open() as db:
            row = db.execute(
                "SELECT body FROM book WHERE id = ? AND body IS NOT NULL", (order_id,)
            ).fetchone()
        return json.loads(row[0]) if row else None

    def all(self):
        with self.open() as db:
            rows = db.execute("SELECT body FROM book WHERE body IS NOT NULL ORDER BY rowid").fetchall()
        return [json.loads(body) for (body,) in rows]

    def reserve(self, order_id, key):
        """Prend la clé. Rend None, ou la commande déjà prise ; refuse si elle est en cours."""
        with self.open() as db:
            db.execute("BEGIN IMMEDIATE")
            row = db.execute("SELECT body FROM book WHERE key = ?", (key,)).fetchone()
            if row is None:
                db.execute("INSERT INTO book (id, key) VALUES (?, ?)", (order_id, key))
                return None
        if row[0] is None:
            raise Refused(409, "la même demande est en cours")
        return json.loads(row[0])

    def fulfil(self, order):
        with self.open() as db:
            db.execute("UPDATE book SET body = ? WHERE id = ?", (json.dumps(order), order["id"]))

    def release(self, order_id):
        with self.open() as db:
            db.execute("DELETE FROM book WHERE id = ? AND body IS NULL", (order_id,))


book = OrderBook("orders.db")


@app.get("/orders")
def list_orders():
    return {"orders": book.all()}


@app.get("/orders/<order_id>")
def show_order(order_id):
    order = book.get(order_id)
    if order is None:
        raise Refused(404, "inconnue")
    return order


class Product(BaseModel):
    """Ce que Products doit répondre."""

    sku: StrictStr
    price_cents: Annotated[StrictInt, Field(ge=0)]


class Products:
    """Le client de Products."""

    def __init__(self):
        self.http = httpx.Client(timeout=1.0, follow_redirects=False)

    def url(self):
        if url := os.environ.get("PRODUCTS_URL"):
            return url
        found = self.http.get(f"{os.environ['REGISTRY_URL']}/instances/products").json()["instances"]
        if not found:
            raise Refused(503, "Products n’est pas dans l’annuaire")
        return found[0]["url"]

    OF_STATUS = {404: 422, 503: 503, 504: 504}

    def price(self, sku):
        try:
            answer = self.http.get(f"{self.url()}/products/{quote(sku, safe='')}")
        except httpx.TimeoutException:
            raise Refused(504, "Products est muet") from None
        except httpx.ConnectError:
            raise Refused(503, "Products est mort") from None
        except httpx.HTTPError:
            raise Refused(502, "Products a raccroché") from None
        if answer.status_code != 200:
            raise Refused(self.OF_STATUS.get(answer.status_code, 502), f"Products : {answer.status_code}")
        try:
            product = Product.model_validate_json(answer.content)
        except ValidationError:
            raise Refused(502, "Products délire") from None
        if product.sku != sku:
            raise Refused(502, "Products parle d’un autre article")
        return product.price_cents


products = Products()


def priced(order_id, wanted):
    unit = products.price(wanted.sku)
    return {
        "id": order_id,
        "sku": wanted.sku,
        "quantity": wanted.quantity,
        "unit_price_cents": unit,
        "total_cents": unit * wanted.quantity,
    }


@app.post("/orders")
def add_order():
    wanted, order_id = Wanted.read(), f"cmd-{uuid.uuid4()}"
    key = request.headers.get("Idempotency-Key")
    if not key:
        order = priced(order_id, wanted)
        book.add(order)
        return order, 201
    if known := book.reserve(order_id, key):
        return known, 201
    try:
        order = priced(order_id, wanted)
        book.fulfil(order)
    except BaseException:
        book.release(order_id)
        raise
    return order, 201
