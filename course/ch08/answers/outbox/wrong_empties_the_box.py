# feedback: jamais annoncée
import json
import os
import sqlite3
from contextlib import closing, contextmanager
from threading import Thread
import time

import pika
from flask import Flask, request

app = Flask(__name__)
QUEUE = "ventes.annoncees"


@contextmanager
def transaction():
    """Tout ce que fait le bloc, ou rien."""
    with closing(sqlite3.connect("caisse.db")) as db, db:
        yield db


def publish(event):
    """Publie l’événement ; ne revient que si le courtier l’a confirmé."""
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
    """Écrit la commande, et de quoi l’annoncer."""
    order = request.get_json()
    event = {"type": "ORDER_CREATED", "order_id": order["id"]}
    with transaction() as db:
        db.execute("INSERT INTO orders VALUES (:id, :sku)", order)
        db.execute("INSERT INTO outbox (event) VALUES (?)", (json.dumps(event),))
    return order, 201


def relay():
    """Publie ce qui attend, puis vide la boîte."""
    with transaction() as db:
        waiting = db.execute("SELECT event FROM outbox ORDER BY id").fetchall()
    for (event,) in waiting:
        publish(json.loads(event))
    if waiting:
        with transaction() as db:
            db.execute("DELETE FROM outbox")


def forever():
    while True:
        try:
            relay()
        except Exception:
            app.logger.exception("relais")
        time.sleep(0.2)


Thread(target=forever, daemon=True).start()
