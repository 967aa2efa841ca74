import json
import os
import sqlite3
from contextlib import closing, contextmanager
from threading import Event, Thread

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


class Relay(Thread):
    """Vide la boîte dès qu'on le réveille, et de toute façon deux fois par seconde."""

    def __init__(self):
        super().__init__(daemon=True)
        self.wake = Event()
        self.wake.set()

    def run(self):
        while True:
            self.wake.wait(timeout=0.5)
            self.wake.clear()
            try:
                while self.send_one():
                    pass
            except Exception:
                app.logger.exception("relais")

    def send_one(self):
        # Le retrait n'est validé qu'à la sortie du bloc, donc après la confirmation.
        # Mort avant : SQLite annule le retrait, et on republie (doublon permis).
        with transaction() as db:
            rows = db.execute(
                "DELETE FROM outbox WHERE id = (SELECT min(id) FROM outbox) RETURNING event"
            ).fetchall()
            for (event,) in rows:
                publish(json.loads(event))
        return bool(rows)


@app.post("/orders")
def place_order():
    """Écrit la commande, et de quoi l’annoncer."""
    order = request.get_json()
    event = {"type": "ORDER_CREATED", "order_id": order["id"]}
    with transaction() as db:
        db.execute("INSERT INTO orders VALUES (:id, :sku)", order)
        db.execute("INSERT INTO outbox (event) VALUES (?)", (json.dumps(event),))
    relay.wake.set()
    return order, 201


relay = Relay()
relay.start()
