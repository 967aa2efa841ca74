# four tries on the spot, then basic_reject(requeue=False) on a queue whose dead-letter arguments lead to the dead letters.
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


def succeeds(body, tries_left):
    while tries_left:
        try:
            make_invoice(body)
            return True
        except Exception:
            tries_left -= 1
    return False


def main():
    """Lit la file, indéfiniment."""
    ch = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
    ch.queue_declare(DEAD, durable=True)
    arguments = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": DEAD}
    ch.queue_declare(QUEUE, durable=True, arguments=arguments)
    ch.basic_qos(prefetch_count=10)
    for method, _, body in ch.consume(QUEUE):
        if succeeds(body, 4):
            ch.basic_ack(method.delivery_tag)
        else:
            ch.basic_reject(method.delivery_tag, requeue=False)


main()
