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
    # Pas de boîte d’envoi : on note les commandes annoncées, les autres restent à faire.
    db.execute("CREATE TABLE IF NOT EXISTS told (id TEXT PRIMARY KEY)")


@app.post("/orders")
def place_order():
    order = request.get_json()
    with transaction() as db:
        db.execute("INSERT INTO orders (id, sku) VALUES (:id, :sku)", order)
    tell()
    return order, 201


def tell():
    with transaction() as db:
        waiting = db.execute("SELECT id FROM orders EXCEPT SELECT id FROM told").fetchall()
    for (id,) in waiting:
        publish({"type": "ORDER_CREATED", "order_id": id})
        with transaction() as db:
            db.execute("INSERT INTO told VALUES (?)", (id,))


tell()
