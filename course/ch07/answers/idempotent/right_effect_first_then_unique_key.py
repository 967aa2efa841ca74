# takes the lamp, then notes the message: on a duplicate the unique key fails and the rollback gives the lamp back.
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
    while True:
        try:
            with pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])) as connection:
                ch = connection.channel()
                ch.queue_declare(QUEUE, durable=True)
                for method, properties, body in ch.consume(QUEUE):
                    try:
                        with transaction():
                            take_lamp(json.loads(body))
                            db.execute("INSERT INTO inbox VALUES (?)", (properties.message_id,))
                    except sqlite3.IntegrityError:
                        print("doublon :", properties.message_id, flush=True)
                    ch.basic_ack(method.delivery_tag)
        except pika.exceptions.AMQPError:
            time.sleep(0.5)


main()
