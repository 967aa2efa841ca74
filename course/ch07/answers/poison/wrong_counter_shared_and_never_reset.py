# feedback: lettres mortes
# mistake: compte(nt) les échecs de tous les messages ensemble
# one counter of failures for all the messages, never reset: after the first poison, a single cough sends a good message to the dead letters.
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
    ch.queue_declare(QUEUE, durable=True)
    ch.queue_declare(DEAD, durable=True)
    ch.confirm_delivery()
    failures = 0
    for method, properties, body in ch.consume(QUEUE):
        try:
            make_invoice(body)
        except Exception:
            failures += 1
            if failures < 5:
                ch.basic_reject(method.delivery_tag, requeue=True)
                continue
            ch.basic_publish("", DEAD, body, pika.BasicProperties(delivery_mode=2), mandatory=True)
        ch.basic_ack(method.delivery_tag)


main()
