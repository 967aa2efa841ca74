import json
import os
import sqlite3
import urllib.error
import urllib.request
from contextlib import contextmanager

import pika

QUEUE = "returns.requested"
DEAD = "returns.dead"

db = sqlite3.connect("returns.db", isolation_level=None)
db.execute("CREATE TABLE IF NOT EXISTS stock (sku TEXT, quantity INTEGER)")
db.execute("CREATE TABLE IF NOT EXISTS inbox (message_id TEXT PRIMARY KEY)")


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


def rembourser(event):
    demande = urllib.request.Request(
        os.environ["PAYMENTS_URL"] + "/refunds",
        data=json.dumps({c: event[c] for c in ("order_id", "amount_cents")}).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": event["return_id"]},
    )
    try:
        with urllib.request.urlopen(demande, timeout=2) as reponse:
            return reponse.status
    except urllib.error.HTTPError as erreur:
        return erreur.code
    except OSError:
        return 503


def on_message(channel, method, properties, body):
    """Le remboursement est dans la transaction du stock : s’il est refusé, rien n’est écrit."""
    try:
        event = json.loads(body)
        note = [event["return_id"]]
        with transaction():
            if db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", note).rowcount:
                put_back(event)
            statut = rembourser(event)
            if statut != 201:
                raise LookupError(statut)
    except LookupError as refus:
        plus_tard = refus.args[0] == 503
        if plus_tard:
            channel.connection.sleep(0.4)
        channel.basic_reject(method.delivery_tag, requeue=plus_tard)
        return
    except (ValueError, TypeError):
        channel.basic_reject(method.delivery_tag, requeue=False)
        return
    fin = {"type": "RETURN_COMPLETED", "return_id": event["return_id"], "sku": event["sku"]}
    channel.basic_publish(
        exchange="shop.events",
        routing_key="return.completed",
        body=json.dumps(fin).encode(),
        properties=pika.BasicProperties(message_id=f"{event['return_id']}-completed"),
    )
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
