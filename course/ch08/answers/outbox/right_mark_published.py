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
    db.execute(
        "CREATE TABLE IF NOT EXISTS events (n INTEGER PRIMARY KEY AUTOINCREMENT, "
        "order_id TEXT, published INTEGER DEFAULT 0)"
    )


@app.post("/orders")
def place_order():
    order = request.get_json()
    with transaction() as db:
        db.execute("INSERT INTO orders VALUES (?, ?)", (order["id"], order["sku"]))
        db.execute("INSERT INTO events (order_id) VALUES (?)", (order["id"],))
    relay()
    return order, 201


def relay():
    while True:
        with transaction() as db:
            row = db.execute(
                "SELECT n, order_id FROM events WHERE published = 0 ORDER BY n LIMIT 1"
            ).fetchone()
        if row is None:
            return
        publish({"type": "ORDER_CREATED", "order_id": row[1]})
        with transaction() as db:
            db.execute("UPDATE events SET published = 1 WHERE n = ?", (row[0],))


relay()
