import json
import os
import sqlite3
from contextlib import closing, contextmanager
from threading import Lock

import pika
from flask import Flask, jsonify, make_response, request

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


with transaction() as db:
    # c'est la base elle-même qui remplit la boîte d'envoi
    db.execute("""
        CREATE TRIGGER IF NOT EXISTS announce AFTER INSERT ON orders
        BEGIN
            INSERT INTO outbox (event)
            VALUES (json_object('type', 'ORDER_CREATED', 'order_id', NEW.id));
        END
    """)


@app.post("/orders")
def place_order():
    """Écrit la commande ; le déclencheur écrit de quoi l’annoncer."""
    order = request.get_json()
    with transaction() as db:
        db.execute("INSERT INTO orders (id, sku) VALUES (?, ?)", (order["id"], order["sku"]))
    response = make_response(jsonify(order), 201)
    response.call_on_close(relay)
    return response


lock = Lock()


def relay():
    """Publie ce qui attend, et le retire une fois confirmé."""
    with lock:
        with transaction() as db:
            waiting = db.execute("SELECT id, event FROM outbox ORDER BY id").fetchall()
        for number, event in waiting:
            publish(json.loads(event))
            with transaction() as db:
                db.execute("DELETE FROM outbox WHERE id = ?", (number,))


relay()
