"""Experiments of lab 3: a naive Orders, its Products broken, an answer lost, one id followed.

What is broken here is mended on the way out, also when the cell is interrupted.
"""

from __future__ import annotations

import json
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from course.lab3.bets import BUG, CLIENTS_FAULT, SILENCE, UNAVAILABLE
from workbook import show
from workbook.shop.client import ServiceUnreachable
from workbook.telemetry.spans import parse
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.shop import Shop

NAIVE = "naif"
LAMP = {"sku": "LAMP", "quantity": 1}
PATIENCE = 3.0  # seconds the client waits

SOURCE = """
import json
import os
import uuid
from urllib.request import urlopen

from flask import Flask, request

app = Flask(__name__)
orders = {}


def read(url):
    return json.load(urlopen(url))


@app.post("/orders")
def add_order():
    order = {"id": uuid.uuid4().hex, **request.get_json()}
    where = read(os.environ["REGISTRY_URL"] + "/instances/products")["instances"][0]["url"]
    product = read(where + "/products/" + order["sku"])
    order["total_cents"] = order["quantity"] * product["price_cents"]
    orders[order["id"]] = order
    return order, 201


@app.get("/orders")
def list_orders():
    return {"orders": list(orders.values())}
"""


@contextmanager
def naive(shop: Shop) -> Iterator[str]:
    """Run an Orders without time-out, without translation, without key; its name."""
    try:
        shop.serve(NAIVE, SOURCE)
        yield NAIVE
    finally:
        shop.withdraw(NAIVE)


def while_dead(shop: Shop, name: str) -> str:
    """The option of bet `lab3.dead` that came true."""
    with _dead(shop):
        status = _status(shop, name, LAMP)
    known = {500: BUG, 503: UNAVAILABLE, 404: CLIENTS_FAULT, 422: CLIENTS_FAULT}
    return known.get(status, SILENCE)


def portrait(shop: Shop, name: str = "orders") -> show.table:
    """What an Orders answers its client, Products being in each of these states."""
    answers = {
        "répond": _status(shop, name, LAMP),
        "ne connaît pas l’article": _status(shop, name, LAMP | {"sku": "INCONNU"}),
    }
    with _dead(shop):
        answers["est mort"] = _status(shop, name, LAMP)
    with _mute(shop):
        answers["est muet"] = _status(shop, name, LAMP)
    rows = [(state, str(status or "rien, en trois secondes")) for state, status in answers.items()]
    return show.table(["Products…", f"« {name} » répond"], rows, left=2)


def _status(shop: Shop, name: str, order: dict) -> int | None:
    try:
        return shop[name].post("/orders", order, timeout=patient(PATIENCE)).status_code
    except ServiceUnreachable:
        return None


@contextmanager
def _dead(shop: Shop) -> Iterator[None]:
    try:
        shop.kill("products")
        yield
    finally:
        shop.restart("products")


@contextmanager
def _mute(shop: Shop) -> Iterator[None]:
    try:
        shop.pause("products")
        yield
    finally:
        shop.resume("products")
        until(lambda: shop["registry"].get("/instances/products").json()["instances"], patient(5))


# -- the answer is lost ----------------------------------------------------------------------------


def buy_again(shop: Shop, name: str, key: str = "") -> int:
    """Send an order, hang up before its answer, send it again; how many orders came of it."""
    before = _count(shop, name)
    headers = {"Idempotency-Key": key or uuid.uuid4().hex} if key else {}
    _send_and_hang_up(shop[name].url, headers)
    until(lambda: _count(shop, name) > before, patient(PATIENCE))
    shop[name].post("/orders", LAMP, headers=headers)
    return _count(shop, name) - before


def _send_and_hang_up(url: str, headers: dict[str, str]) -> None:
    body = json.dumps(LAMP)
    lines = [
        "POST /orders HTTP/1.1",
        f"Host: {urlsplit(url).netloc}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=patient(5)) as connection:
        connection.sendall("\r\n".join([*lines, "", body]).encode())


def _count(shop: Shop, name: str) -> int:
    answer = shop[name].get("/orders")
    return len(answer.json()["orders"]) if answer.status_code == 200 else 0


# -- one id, two services --------------------------------------------------------------------------


def follow(shop: Shop, id: str) -> show.table:
    """The JSON lines of every service that bear this `request_id`."""

    def found() -> list[tuple[str, str, str]]:
        return [
            (name, str(line.get("event")), str(line.get("status", "")))
            for name in ("products", "orders")
            for line in _lines(shop, name)
            if line.get("request_id") == id
        ]

    _settle(found)
    return show.table(["service", "event", "status"], found(), left=3)


def _settle(found: Callable[[], list]) -> None:
    """Lines come a moment after the answer."""
    until(lambda: len(found()) >= 2, patient(1))


def _lines(shop: Shop, name: str) -> Iterator[dict]:
    for instance in shop.services[name].instances.values():
        for line in list(instance.process.lines):
            record = parse(line)
            try:
                inner = json.loads(record.get("message") or "")
            except (TypeError, ValueError):
                inner = None
            yield inner if isinstance(inner, dict) else record
