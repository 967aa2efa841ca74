# the broker counts: a quorum queue with x-delivery-limit and a dead-letter queue, and basic_reject on failure.
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


def main():
    """Lit la file, indéfiniment."""
    ch = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
    ch.queue_declare(DEAD, durable=True)
    ch.queue_declare(
        QUEUE,
        durable=True,
        arguments={
            "x-queue-type": "quorum",
            "x-delivery-limit": 5,
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": DEAD,
        },
    )
    for method, properties, body in ch.consume(QUEUE):
        try:
            make_invoice(body)
        except Exception:
            ch.basic_reject(method.delivery_tag, requeue=True)
        else:
            ch.basic_ack(method.delivery_tag)


main()
