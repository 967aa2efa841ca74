# feedback: n’a pas reçu 2 des deux messages
# mistake: jette(nt) le message au lieu de le mettre de côté
# rejects without requeue from a queue that has no dead-letter exchange: the broker throws the message away, nothing reaches the dead letters.
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
    for method, properties, body in ch.consume(QUEUE):
        for attempt in range(5):
            try:
                make_invoice(body)
            except Exception:
                continue
            ch.basic_ack(method.delivery_tag)
            break
        else:
            ch.basic_reject(method.delivery_tag, requeue=False)


main()
