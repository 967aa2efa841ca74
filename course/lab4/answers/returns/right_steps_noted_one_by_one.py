import json
import os
import sqlite3
from contextlib import contextmanager

import httpx
import pika

QUEUE = "returns.requested"
DEAD = "returns.dead"

db = sqlite3.connect("returns.db", isolation_level=None)
db.execute("CREATE TABLE IF NOT EXISTS stock (sku TEXT, quantity INTEGER)")
db.execute("CREATE TABLE IF NOT EXISTS etapes (retour TEXT, etape TEXT, PRIMARY KEY (retour, etape))")


@contextmanager
def transaction():
    """Tout ou rien."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def put_back(event):
    """Remet l’article en rayon."""
    db.execute("INSERT INTO stock VALUES (?, ?)", [event["sku"], event["quantity"]])


class Retour:
    def __init__(self, channel, event):
        self.channel, self.event, self.nom = channel, event, event["return_id"]

    def fait(self, etape):
        question = "SELECT 1 FROM etapes WHERE retour = ? AND etape = ?"
        return db.execute(question, [self.nom, etape]).fetchone() is not None

    def noter(self, etape):
        db.execute("INSERT OR IGNORE INTO etapes VALUES (?, ?)", [self.nom, etape])

    def rembourser(self):
        if self.fait("argent"):
            return 201
        demande = {champ: self.event[champ] for champ in ("order_id", "amount_cents")}
        try:
            reponse = httpx.post(
                os.environ["PAYMENTS_URL"] + "/refunds",
                json=demande,
                headers={"Idempotency-Key": self.nom},
                timeout=2,
            )
        except httpx.HTTPError:
            return 503
        if reponse.status_code == 201:
            self.noter("argent")
        return reponse.status_code

    def ranger(self):
        if not self.fait("stock"):
            with transaction():
                put_back(self.event)
                self.noter("stock")

    def annoncer(self):
        if not self.fait("annonce"):
            self.channel.basic_publish(
                "shop.events",
                "return.completed",
                json.dumps(self.event | {"type": "RETURN_COMPLETED"}),
                pika.BasicProperties(message_id=f"{self.nom}-completed", delivery_mode=2),
            )
            self.noter("annonce")


def on_message(channel, method, properties, body):
    try:
        retour = Retour(channel, json.loads(body))
        statut = retour.rembourser()
    except (ValueError, TypeError, KeyError):
        statut = 400
    if statut == 201:
        retour.ranger()
        retour.annoncer()
        channel.basic_ack(method.delivery_tag)
    elif 400 <= statut < 500:
        channel.basic_reject(method.delivery_tag, requeue=False)
    else:
        channel.connection.sleep(0.7)
        channel.basic_reject(method.delivery_tag, requeue=True)


connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
channel = connection.channel()
channel.confirm_delivery()
channel.exchange_declare("shop.events", "topic", durable=True)
channel.queue_declare(DEAD, durable=True)
arguments = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": DEAD}
channel.queue_declare(QUEUE, durable=True, arguments=arguments)
channel.queue_bind(QUEUE, "shop.events", "return.requested")
channel.basic_qos(prefetch_count=1)
channel.basic_consume(QUEUE, on_message)
channel.start_consuming()
