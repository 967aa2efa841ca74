import json
import os
import sqlite3

import pika

QUEUE = "notifications.returns"
DEAD = "notifications.returns.dead"


def send_mail(event):
    """Écrit une lettre au client."""
    with open("mails.txt", "a") as box:
        print(event["return_id"], event["type"], file=box)


db = sqlite3.connect("notifications.db", isolation_level=None)
db.execute("CREATE TABLE IF NOT EXISTS inbox (id TEXT PRIMARY KEY) WITHOUT ROWID")


def on_message(channel, method, properties, body):
    try:
        event = json.loads(body)
        assert isinstance(event, dict) and {"return_id", "type"} <= event.keys()
    except (ValueError, AssertionError):
        return channel.basic_reject(method.delivery_tag, False)
    db.execute("BEGIN IMMEDIATE")
    if db.execute("INSERT OR IGNORE INTO inbox VALUES (?)", [properties.message_id]).rowcount:
        send_mail(event)
    db.execute("COMMIT")
    channel.basic_ack(method.delivery_tag)


connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
channel = connection.channel()
channel.exchange_declare("shop.events", "topic", durable=True)
channel.queue_declare(DEAD, durable=True)
channel.queue_declare(
    QUEUE,
    durable=True,
    arguments={
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": DEAD,
    },
)
channel.queue_bind(QUEUE, "shop.events", "return.*")
channel.basic_qos(prefetch_count=1)
channel.basic_consume(QUEUE, on_message)
channel.start_consuming()
