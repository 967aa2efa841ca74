import json
import os
import sqlite3
import threading
import time
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
    db.execute("CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY, event TEXT)")


@app.post("/orders")
def place_order():
    order = request.get_json()
    event = {"type": "ORDER_CREATED", "order_id": order["id"], "sku": order["sku"]}
    with transaction() as db:
        db.execute("INSERT INTO outbox (event) VALUES (?)", [json.dumps(event)])
        db.execute("INSERT INTO orders VALUES (:id, :sku)", order)
    return order, 201


def relay():
    while True:
        with transaction() as db:
            waiting = db.execute("SELECT id, event FROM outbox ORDER BY id").fetchall()
        for id, event in waiting:
            publish(json.loads(event))
            with transaction() as db:
                db.execute("DELETE FROM outbox WHERE id = ?", [id])
        time.sleep(0.2)


threading.Thread(target=relay, daemon=True).start()
