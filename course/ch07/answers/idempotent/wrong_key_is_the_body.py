# feedback: Deux ventes identiques
# mistake: reconna(ît|issent) un doublon à son contenu
# recognises a duplicate by the digest of its body: two sales with the same content and two message_id count for one lamp.
import json
import os
import sqlite3
import time
from contextlib import contextmanager
import hashlib

import pika

QUEUE = "magasin.ventes"

db = sqlite3.connect("magasin.db", isolation_level=None)  # hors transaction, chaque ordre compte
db.execute("CREATE TABLE IF NOT EXISTS stock AS SELECT 100 AS lamps")


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


def take_lamp(event):
    """Sort une lampe du stock."""
    time.sleep(event["pause_before"])
    db.execute("UPDATE stock SET lamps = lamps - 1")
    time.sleep(event["pause_after"])


def main():
    """Lit la file, indéfiniment."""
    db.execute("CREATE TABLE IF NOT EXISTS inbox (message_id TEXT PRIMARY KEY)")
    ch = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
    ch.queue_declare(QUEUE, durable=True)
    ch.basic_qos(prefetch_count=1)
    for method, properties, body in ch.consume(QUEUE):
        key = hashlib.sha256(body).hexdigest()
        with transaction():
            if db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", (key,)).rowcount:
                take_lamp(json.loads(body))
        ch.basic_ack(method.delivery_tag)


main()
