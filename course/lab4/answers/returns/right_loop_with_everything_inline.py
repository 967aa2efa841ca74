import json
import os
import sqlite3
from contextlib import contextmanager

import pika
import requests

db = sqlite3.connect("returns.db", isolation_level=None)
db.execute("CREATE TABLE IF NOT EXISTS stock (sku TEXT, quantity INTEGER)")
db.execute("CREATE TABLE IF NOT EXISTS faits (retour TEXT PRIMARY KEY)")


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


def payments_url():
    return os.environ["PAYMENTS_URL"]


connexion = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
canal = connexion.channel()
canal.exchange_declare("shop.events", "topic", durable=True)
canal.queue_declare("returns.dead", durable=True)
canal.queue_declare(
    "returns.requested",
    durable=True,
    arguments={"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "returns.dead"},
)
canal.queue_bind("returns.requested", "shop.events", "return.requested")
canal.confirm_delivery()
for methode, enveloppe, corps in canal.consume("returns.requested"):
    try:
        event = json.loads(corps)
        nom, commande, montant = event["return_id"], event["order_id"], event["amount_cents"]
    except (ValueError, TypeError, KeyError):
        canal.basic_publish("", "returns.dead", corps, pika.BasicProperties(delivery_mode=2))
        canal.basic_ack(methode.delivery_tag)
        continue
    statut = None
    while statut not in (201, 404):  # le message reste à nous, non acquitté
        try:
            statut = requests.post(
                payments_url() + "/refunds",
                json={"order_id": commande, "amount_cents": montant},
                headers={"Idempotency-Key": f"remboursement de {nom}"},
                timeout=2,
            ).status_code
        except requests.RequestException:
            pass
        if statut not in (201, 404):
            connexion.sleep(0.3)
    if statut == 404:
        canal.basic_publish("", "returns.dead", corps, pika.BasicProperties(delivery_mode=2))
    else:
        with transaction():
            deja = db.execute("SELECT 1 FROM faits WHERE retour = ?", [nom]).fetchone()
            if not deja:
                put_back(event)
                db.execute("INSERT INTO faits VALUES (?)", [nom])
        canal.basic_publish(
            "shop.events",
            "return.completed",
            json.dumps({"type": "RETURN_COMPLETED", "return_id": nom}),
            pika.BasicProperties(message_id=nom + "-completed", delivery_mode=2),
            mandatory=True,
        )
    canal.basic_ack(methode.delivery_tag)
