# pika listens in a thread, the main thread owns sqlite; acknowledgements go back by add_callback_threadsafe after COMMIT.
import json
import os
import sqlite3
import time
from contextlib import contextmanager
import functools
import queue
import threading

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
    letters = queue.Queue()

    def listen():
        while True:
            try:
                with pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])) as connection:
                    ch = connection.channel()
                    ch.queue_declare(QUEUE, durable=True)
                    ch.basic_qos(prefetch_count=4)
                    ch.basic_consume(QUEUE, functools.partial(receive, connection))
                    ch.start_consuming()
            except pika.exceptions.AMQPError:
                time.sleep(0.5)

    def receive(connection, ch, method, properties, body):
        letters.put((connection, ch, method.delivery_tag, properties.message_id, body))

    threading.Thread(target=listen, daemon=True).start()
    while True:
        connection, ch, tag, message_id, body = letters.get()
        with transaction():
            if db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", (message_id,)).rowcount:
                take_lamp(json.loads(body))
        try:
            connection.add_callback_threadsafe(functools.partial(ch.basic_ack, tag))
        except pika.exceptions.AMQPError:
            pass  # sera relivré ; l’inbox le reconnaîtra


main()
