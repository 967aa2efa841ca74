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

failures = collections.Counter()


def on_message(channel, method, properties, body):
    try:
        make_invoice(body)
    except ValueError:
        channel.basic_nack(method.delivery_tag, requeue=False)
    except OSError:
        failures[body] += 1
        channel.basic_nack(method.delivery_tag, requeue=failures[body] < 6)
    else:
        channel.basic_ack(method.delivery_tag)


channel.queue_declare(DEAD, durable=True, arguments={"x-queue-type": "quorum"})
dead_letters = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": DEAD}
channel.queue_declare(QUEUE, durable=True, arguments=dead_letters)
channel.basic_consume(QUEUE, on_message)
channel.start_consuming()
