import collections
import json
import os

import pika

QUEUE = "factures.commandes"
DEAD = "factures.commandes.dead"

journal = open("factures.txt", "a", buffering=1)
tries = collections.Counter()


def make_invoice(body):
    """Imprime la facture, ou lève une exception."""
    tries[body] += 1
    print("essai", body.decode(), file=journal)
    order = json.loads(body)
    if tries[body] <= order["failures"]:
        raise OSError("l’imprimante tousse")
    print("facture", order["order_id"], file=journal)


connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
channel = connection.channel()

LIMIT = 4


def republish(queue, body, attempt):
    properties = pika.BasicProperties(delivery_mode=2, headers={"x-attempt": attempt})
    channel.basic_publish("", queue, body, properties, mandatory=True)


def on_message(channel, method, properties, body):
    attempt = (properties.headers or {}).get("x-attempt", 0) + 1
    try:
        make_invoice(body)
    except Exception:
        republish(DEAD if attempt >= LIMIT else QUEUE, body, attempt)
    channel.basic_ack(method.delivery_tag)


channel.confirm_delivery()
for queue in (QUEUE, DEAD):
    channel.queue_declare(queue, durable=True)
channel.basic_consume(QUEUE, on_message)
channel.start_consuming()
