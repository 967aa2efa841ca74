# feedback: votre worker tué | elle sort une seconde fois
# mistake: (sort|sortent) la lampe, puis note(nt) le message, en deux temps
# believes that sqlite commits at the end: with isolation_level=None the lamp is written at once, and a kill in the second pause, before the inbox, counts it twice.
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
    ch.basic_qos(prefetch_count=1)
    for method, properties, body in ch.consume(QUEUE):
        known = db.execute("SELECT 1 FROM inbox WHERE message_id = ?", (properties.message_id,)).fetchone()
        if not known:
            take_lamp(json.loads(body))
            db.execute("INSERT INTO inbox VALUES (?)", (properties.message_id,))
            db.commit()
        ch.basic_ack(method.delivery_tag)


main()
