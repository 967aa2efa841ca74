import http.client
import json
import os
import threading
from collections import defaultdict
from urllib.parse import quote, urlsplit
from uuid import uuid4

from flask import Flask, abort, jsonify, request
from flask.views import MethodView
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"])
locks = defaultdict(threading.Lock)


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "lab3_priced_orders"
    id: Mapped[str] = mapped_column(primary_key=True)
    sku: Mapped[str]
    quantity: Mapped[int]
    unit_price_cents: Mapped[int]
    key: Mapped[str | None] = mapped_column(unique=True)

    def public(self):
        shown = {"id": self.id, "sku": self.sku, "quantity": self.quantity}
        shown["unit_price_cents"] = self.unit_price_cents
        shown["total_cents"] = self.unit_price_cents * self.quantity
        return shown


Base.metadata.create_all(engine)


class Catalogue:
    """Un client de Products, sans bibliothèque."""

    def _get(self, url, headers=None):
        place = urlsplit(url)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=1)
        try:
            connection.request("GET", place.path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    @property
    def url(self):
        if url := os.environ.get("PRODUCTS_URL"):
            return url
        _, body = self._get(os.environ["REGISTRY_URL"] + "/instances/products")
        return json.loads(body)["instances"][0]["url"]

    def price(self, sku):
        try:
            status, body = self._get(f"{self.url}/products/{quote(sku, safe='')}")
        except TimeoutError:
            abort(504)
        except (OSError, http.client.HTTPException):
            abort(503)
        if status == 404:
            abort(422)
        if status in (503, 504):
            abort(status)
        if status != 200:
            abort(502)
        try:
            product = json.loads(body)
            assert product["sku"] == sku
            assert type(product["price_cents"]) is int
            assert product["price_cents"] >= 0
        except (ValueError, TypeError, KeyError, AssertionError):
            abort(502)
        return product["price_cents"]


catalogue = Catalogue()


class Orders(MethodView):
    def get(self):
        with Session(engine) as session:
            return jsonify(orders=[order.public() for order in session.scalars(select(Order))])

    def post(self):
        key = request.headers.get("Idempotency-Key")
        with locks[key or uuid4().hex], Session(engine) as session:
            known = key and session.scalar(select(Order).where(Order.key == key))
            if known:
                return known.public(), 201
            sku, quantity = self._asked()
            order = Order(
                id=uuid4().hex,
                sku=sku,
                quantity=quantity,
                unit_price_cents=catalogue.price(sku),
                key=key,
            )
            session.add(order)
            session.commit()
            return order.public(), 201

    def _asked(self):
        body = request.get_json(silent=True)
        try:
            sku, quantity = body["sku"], body["quantity"]
        except (TypeError, KeyError, IndexError):
            abort(422)
        if not (isinstance(sku, str) and sku and type(quantity) is int and quantity > 0):
            abort(422)
        return sku, quantity


class OneOrder(MethodView):
    def get(self, id):
        with Session(engine) as session:
            order = session.get(Order, id)
            return order.public() if order else abort(404)


app.add_url_rule("/orders", view_func=Orders.as_view("orders"))
app.add_url_rule("/orders/<id>", view_func=OneOrder.as_view("order"))
