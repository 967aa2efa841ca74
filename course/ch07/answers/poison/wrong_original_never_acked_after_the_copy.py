# feedback: n’a pas reçu 1 des deux messages
# mistake: n’acquitte(nt) pas l’original après l’avoir copié
# acknowledges successes only: after the copy to the dead letters the original stays in hand, and under a prefetch of 1 nothing more arrives.
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
    ch.basic_qos(prefetch_count=1)
    for method, properties, body in ch.consume(QUEUE):
        for attempt in range(5):
            try:
                make_invoice(body)
            except Exception:
                continue
            ch.basic_ack(method.delivery_tag)
            break
        else:
            ch.basic_publish("", DEAD, body, pika.BasicProperties(delivery_mode=2), mandatory=True)


main()
