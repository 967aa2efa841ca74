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


with transaction():
    db.execute("CREATE TABLE IF NOT EXISTS sales (message_id TEXT PRIMARY KEY)")

url = pika.URLParameters(os.environ["RABBITMQ_URL"])
with pika.BlockingConnection(url) as connection:
    channel = connection.channel()
    channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
    channel.basic_qos(prefetch_count=1)
    for method, properties, body in channel.consume(QUEUE):
        event = json.loads(body)
        time.sleep(event["pause_before"])
        with transaction():
            db.execute("INSERT OR REPLACE INTO sales VALUES (?)", [properties.message_id])
            db.execute("UPDATE stock SET lamps = 100 - (SELECT count(*) FROM sales)")
            time.sleep(event["pause_after"])
        channel.basic_ack(method.delivery_tag)
