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


def attempt(body, times=5):
    for _ in range(times):
        try:
            make_invoice(body)
            return True
        except Exception as error:
            connection.sleep(0.02)
            print("nouvel essai :", error)
    return False


channel.exchange_declare("rebut", "fanout", durable=True)
channel.queue_declare(DEAD, durable=True)
channel.queue_bind(DEAD, "rebut")
channel.queue_declare(QUEUE, durable=True, arguments={"x-dead-letter-exchange": "rebut"})
for method, properties, body in channel.consume(QUEUE):
    if attempt(body):
        channel.basic_ack(method.delivery_tag)
    else:
        channel.basic_reject(method.delivery_tag, requeue=False)
