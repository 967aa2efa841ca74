import http.client
import json
import os
import sqlite3
import time
from urllib.parse import urlsplit

import pika

QUEUE = "returns.requested"
DEAD = "returns.dead"

db = sqlite3.connect("returns.db", isolation_level=None)
db.execute("CREATE TABLE IF NOT EXISTS lignes (retour TEXT PRIMARY KEY, sku TEXT, quantity INTEGER)")
db.execute("CREATE VIEW IF NOT EXISTS stock AS SELECT sku, quantity FROM lignes")


class Impossible(Exception):
    """Ce retour ne passera jamais."""


class Indisponible(Exception):
    """Peut-être tout à l’heure."""


def rembourser(event):
    lieu = urlsplit(os.environ["PAYMENTS_URL"])
    client = http.client.HTTPConnection(lieu.hostname, lieu.port, timeout=2)
    corps = json.dumps({"order_id": event["order_id"], "amount_cents": event["amount_cents"]})
    entetes = {"Content-Type": "application/json", "Idempotency-Key": event["return_id"]}
    try:
        client.request("POST", "/refunds", corps, entetes)
        statut = client.getresponse().status
    except (OSError, http.client.HTTPException) as erreur:
        raise Indisponible from erreur
    finally:
        client.close()
    if statut == 404:
        raise Impossible
    if statut >= 300:
        raise Indisponible


def reprendre(channel, event):
    rembourser(event)
    ligne = [event["return_id"], event["sku"], event["quantity"]]
    db.execute("INSERT OR REPLACE INTO lignes VALUES (?, ?, ?)", ligne)
    fini = {"type": "RETURN_COMPLETED", "return_id": event["return_id"]}
    nom = pika.BasicProperties(message_id=event["return_id"] + "-completed", delivery_mode=2)
    channel.basic_publish("shop.events", "return.completed", json.dumps(fini), nom)


def on_message(channel, method, properties, body):
    try:
        reprendre(channel, json.loads(body))
    except (Impossible, ValueError, TypeError, KeyError):
        channel.basic_nack(method.delivery_tag, requeue=False)
    except Indisponible:
        time.sleep(0.2)
        channel.basic_nack(method.delivery_tag, requeue=True)
    else:
        channel.basic_ack(method.delivery_tag)


connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
channel = connection.channel()
channel.exchange_declare("shop.events", "topic", durable=True)
channel.queue_declare(DEAD, durable=True)
arguments = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": DEAD}
channel.queue_declare(QUEUE, durable=True, arguments=arguments)
channel.queue_bind(QUEUE, "shop.events", "return.requested")
channel.basic_qos(prefetch_count=1)
channel.basic_consume(QUEUE, on_message)
channel.start_consuming()
