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


class Orders(MethodView):
    def get(self):
        return {"orders": select("ORDER BY id")}

    def post(self):
        return insert(*read_body()), 201


class Order(MethodView):
    def get(self, number):
        found = select("WHERE id = ?", number) if number < 2**63 else []
        return found[0] if found else abort(404)


app.add_url_rule("/orders", view_func=Orders.as_view("orders"))
app.add_url_rule("/orders/<int:number>", view_func=Order.as_view("order"))
