import json
import os
import sqlite3
from contextlib import closing, contextmanager

import pika
from flask import Flask, request

app = Flask(__name__)
QUEUE = "ventes.annoncees"


@contextmanager
def transaction():
    with closing(sqlite3.connect("caisse.db")) as db, db:
        yield db


def publish(event):
    with pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.queue_declare(QUEUE, durable=True)
        persistent = pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent)
        channel.basic_publish("", QUEUE, json.dumps(event), persistent)


with transaction() as db:
    db.execute("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, sku TEXT)")
    db.execute("CREATE TABLE IF NOT EXISTS progress (last INTEGER)")


@app.post("/orders")
def place_order():
    order = request.get_json()
    with transaction() as db:
        db.execute("INSERT INTO orders VALUES (:id, :sku)", order)
    publish_new()
    return order, 201


def publish_new():
    """Les commandes sont le journal ; on retient jusqu’où l’on a publié."""
    with transaction() as db:
        (last,) = db.execute("SELECT COALESCE(MAX(last), 0) FROM progress").fetchone()
        new = db.execute(
            "SELECT rowid, id FROM orders WHERE rowid > ? ORDER BY rowid", [last]
        ).fetchall()
    for _, id in new:
        publish({"type": "ORDER_CREATED", "order_id": id})
    if new:
        with transaction() as db:
            db.execute("INSERT INTO progress VALUES (?)", [new[-1][0]])


publish_new()
