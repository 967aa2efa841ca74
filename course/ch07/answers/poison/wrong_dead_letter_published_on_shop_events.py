# feedback: n’a pas reçu 2 des deux messages
# mistake: envoie(nt) la lettre morte là où personne ne la lit
# publishes the dead letter on shop.events, where no binding takes it, without mandatory: it is thrown away and the original acknowledged.
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
    for method, properties, body in ch.consume(QUEUE):
        for attempt in range(5):
            try:
                make_invoice(body)
                break
            except Exception:
                pass
        else:
            ch.basic_publish("shop.events", DEAD, body, pika.BasicProperties(delivery_mode=2))
        ch.basic_ack(method.delivery_tag)


main()
