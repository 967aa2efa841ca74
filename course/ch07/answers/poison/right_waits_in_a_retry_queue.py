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

RETRY = "factures.commandes.retry"


def deaths(properties):
    """How many times it has already waited: RabbitMQ writes it in the x-death header."""
    records = (properties.headers or {}).get("x-death", [])
    return sum(record["count"] for record in records if record["queue"] == RETRY)


def on_message(channel, method, properties, body):
    try:
        make_invoice(body)
        channel.basic_ack(method.delivery_tag)
    except Exception:
        if deaths(properties) >= 3:
            channel.basic_publish("", DEAD, body, pika.BasicProperties(delivery_mode=2))
            channel.basic_ack(method.delivery_tag)
        else:
            channel.basic_reject(method.delivery_tag, requeue=False)


channel.confirm_delivery()
channel.queue_declare(DEAD, durable=True)
to = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": QUEUE}
channel.queue_declare(RETRY, durable=True, arguments=to | {"x-message-ttl": 100})
to = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": RETRY}
channel.queue_declare(QUEUE, durable=True, arguments=to)
channel.basic_consume(QUEUE, on_message)
channel.start_consuming()
