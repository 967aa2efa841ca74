# a failed message waits in a third queue whose time to live sends it back; its counter is in a header; reconnects.
import collections
import json
import os
import time

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


RETRY = QUEUE + ".retry"


def serve(ch):
    ch.queue_declare(QUEUE, durable=True)
    ch.queue_declare(DEAD, durable=True)
    wait = {"x-message-ttl": 100, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": QUEUE}
    ch.queue_declare(RETRY, durable=True, arguments=wait)
    ch.confirm_delivery()
    ch.basic_qos(prefetch_count=20)
    for method, properties, body in ch.consume(QUEUE):
        try:
            make_invoice(body)
        except Exception:
            tries_made = (properties.headers or {}).get("tries-made", 0) + 1
            properties.headers = {**(properties.headers or {}), "tries-made": tries_made}
            properties.delivery_mode = 2
            ch.basic_publish(
                exchange="",
                routing_key=RETRY if tries_made < 4 else DEAD,
                body=body,
                properties=properties,
                mandatory=True,
            )
        ch.basic_ack(method.delivery_tag)


def main():
    """Lit la file, indéfiniment."""
    while True:
        try:
            with pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])) as connection:
                serve(connection.channel())
        except pika.exceptions.AMQPError as error:
            print(repr(error), flush=True)
            time.sleep(0.5)


main()
