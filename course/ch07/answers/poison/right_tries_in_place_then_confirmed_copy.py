# polls, tries five times on the spot, then publishes a confirmed copy to the dead letters before acknowledging.
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
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    ch = connection.channel()
    ch.queue_declare(QUEUE, durable=True)
    ch.queue_declare(DEAD, durable=True)
    ch.confirm_delivery()
    while True:
        method, properties, body = ch.basic_get(QUEUE)
        if method is None:
            connection.sleep(0.1)
            continue
        for attempt in range(5):
            try:
                make_invoice(body)
                break
            except Exception as error:
                reason = repr(error)
        else:
            properties.headers = {**(properties.headers or {}), "x-error": reason}
            properties.delivery_mode = 2
            ch.basic_publish("", DEAD, body, properties, mandatory=True)
        ch.basic_ack(method.delivery_tag)


main()
