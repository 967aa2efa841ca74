# basic_get; SELECT, lamp and INSERT under one BEGIN IMMEDIATE, written by hand.
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
    db.execute("CREATE TABLE IF NOT EXISTS processed (id TEXT NOT NULL UNIQUE, at REAL)")
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    ch = connection.channel()
    ch.queue_declare(QUEUE, durable=True)
    while True:
        method, properties, body = ch.basic_get(QUEUE, auto_ack=False)
        if not method:
            connection.sleep(0.1)
            continue
        key = properties.message_id
        db.execute("BEGIN IMMEDIATE")
        try:
            if db.execute("SELECT 1 FROM processed WHERE id = ?", [key]).fetchone() is None:
                take_lamp(json.loads(body))
                db.execute("INSERT INTO processed VALUES (?, ?)", [key, time.time()])
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        ch.basic_ack(method.delivery_tag)


main()
