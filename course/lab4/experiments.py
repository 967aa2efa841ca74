"""Experiments of lab 4: the broker at hand, a naive worker's shortest death, a real return."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from course.lab4.bets import CUSTOMER, NOBODY, SHOP, STOCK
from course.lab4.returns import exercise
from workbook.broker.compose import FILE
from workbook.checks.judge import judging
from workbook.failures.plan import Plan, fatal_plan
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.broker import Broker
    from workbook.shop import Shop
    from workbook.shop.client import Response

READER, MAILS = "notifications", "mails.txt"
LETTERS = 2  # a return: asked for, completed
RETURN = {"sku": "LAMP", "quantity": 1, "amount_cents": 3990}

NAIVE = """
import json
import os
import sqlite3
import uuid

import pika
import requests

db = sqlite3.connect("returns.db", isolation_level=None)
db.execute("CREATE TABLE IF NOT EXISTS stock (sku TEXT, quantity INTEGER)")


def on_message(channel, method, properties, body):
    event = json.loads(body)
    order = {"order_id": event["order_id"], "amount_cents": event["amount_cents"]}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    requests.post(os.environ["PAYMENTS_URL"] + "/refunds", json=order, headers=key, timeout=2)
    db.execute("INSERT INTO stock VALUES (?, ?)", [event["sku"], event["quantity"]])
    done = json.dumps({**event, "type": "RETURN_COMPLETED"})
    named = pika.BasicProperties(message_id=event["return_id"] + "-completed", delivery_mode=2)
    channel.basic_publish("shop.events", "return.completed", done, named)
    channel.basic_ack(method.delivery_tag)


connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
channel = connection.channel()
channel.queue_declare("returns.requested", durable=True)
channel.basic_consume("returns.requested", on_message)
channel.start_consuming()
"""

PAYMENTS = """
from flask import Flask, request

app = Flask(__name__)
refunds = {}


@app.post("/refunds")
def refund():
    key = request.headers["Idempotency-Key"]
    return refunds.setdefault(key, request.get_json()), 201
"""


# -- the broker ------------------------------------------------------------------------------------


def compose_lines() -> str:
    """What docker-compose.yml says of RabbitMQ, comments left out."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    start = lines.index("  rabbitmq:")
    end = next(n for n in range(start + 1, len(lines)) if not lines[n].strip())
    kept = [line for line in lines[start:end] if not line.strip().startswith("#")]
    return "\n".join(["services:", *kept])


def where(broker: Broker) -> str:
    """Who started this RabbitMQ."""
    if broker.private:
        return f"RabbitMQ {broker.version}, lancé par ce carnet, pour lui seul"
    return f"RabbitMQ {broker.version}, qui tournait déjà : Docker, ou RABBITMQ_URL"


# -- the shortest death ----------------------------------------------------------------------------


def shortest_death(source: str = NAIVE) -> Plan | None:
    """Kill a returns worker at each of its moments, until its books are wrong; that death."""
    with judging((), seed=1) as bench:
        return fatal_plan(source, exercise.trial, bench)


def loser(plan: Plan | None) -> str:
    """The option of bet `lab4.loser` that came true."""
    if plan is None:
        return NOBODY
    wrong = {line.what: line.found for line in plan.books if not line.right}
    if "remboursé, en centimes" in wrong:
        return CUSTOMER if wrong["remboursé, en centimes"] == "0" else SHOP
    return STOCK if "remis en stock" in wrong else CUSTOMER


# -- a real return ---------------------------------------------------------------------------------


def give_back(shop: Shop) -> Response:
    """Give a lamp back in the shop as it runs now, while notifications sleeps; then its letters."""
    if "payments" not in shop.services:
        shop.serve("payments", PAYMENTS)
    written = len(letters(shop))
    request = RETURN | {"order_id": f"commande-{42 + written}"}
    with _asleep(shop, READER):
        answer = shop["orders"].post("/returns", request)
        if answer.status_code == HTTPStatus.ACCEPTED:
            until(lambda: _has_announced(shop, answer), patient(10))
    if answer.status_code == HTTPStatus.ACCEPTED:
        until(lambda: len(letters(shop)) >= written + LETTERS, patient(10))
    return answer


def _has_announced(shop: Shop, answer: Response) -> bool:
    """Whether the worker `returns` has published for this request."""
    spans = shop.spans(answer)
    return any(s["service"] == "returns" and s["span_kind"] == "producer" for s in spans)


@contextmanager
def _asleep(shop: Shop, name: str) -> Iterator[None]:
    if name not in shop.services or not shop.services[name].running:
        yield
        return
    try:
        shop.pause(name)
        yield
    finally:
        shop.resume(name)


def letters(shop: Shop) -> list[str]:
    """The letters that the learner's notifications wrote."""
    path = shop.run_folder / MAILS
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
