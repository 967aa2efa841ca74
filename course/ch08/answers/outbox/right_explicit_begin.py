import json
import os
import sqlite3
from contextlib import closing, contextmanager

import pika
from flask import Flask, jsonify, request

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


class Store:
    """La base de la caisse, en autocommit : chaque transaction se dit."""

    def __init__(self, path):
        self.path = path
        with closing(self.open()) as db:
            db.executescript(
                "PRAGMA journal_mode = WAL;"
                "CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, sku TEXT);"
                "CREATE TABLE IF NOT EXISTS to_tell (order_id TEXT PRIMARY KEY);"
            )

    def open(self):
        return sqlite3.connect(self.path, isolation_level=None, timeout=5)

    def add(self, order):
        with closing(self.open()) as db:
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO orders (id, sku) VALUES (?, ?)", [order["id"], order["sku"]])
            db.execute("INSERT INTO to_tell VALUES (?)", [order["id"]])
            db.execute("COMMIT")

    def flush(self):
        with closing(self.open()) as db:
            for (id,) in db.execute("SELECT order_id FROM to_tell").fetchall():
                publish({"type": "ORDER_CREATED", "order_id": id})
                db.execute("DELETE FROM to_tell WHERE order_id = ?", [id])


store = Store("caisse.db")
store.flush()


@app.post("/orders")
def place_order():
    order = request.get_json()
    store.add(order)
    store.flush()
    return jsonify(order), 201
