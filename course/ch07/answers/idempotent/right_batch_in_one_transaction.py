# up to ten messages in one transaction, inbox and lamps together, then one acknowledgement multiple=True after COMMIT.
import json
import os
import sqlite3
import time
from contextlib import contextmanager

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
    ch.basic_qos(prefetch_count=10)
    batch = []
    for method, properties, body in ch.consume(QUEUE, inactivity_timeout=0.1):
        if method is not None:
            batch.append((method.delivery_tag, properties.message_id, body))
            if len(batch) < 10:
                continue
        if not batch:
            continue
        with transaction():
            for tag, message_id, letter in batch:
                if db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", (message_id,)).rowcount:
                    take_lamp(json.loads(letter))
        ch.basic_ack(batch[-1][0], multiple=True)
        batch.clear()


main()
