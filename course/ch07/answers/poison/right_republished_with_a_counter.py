# on failure publishes a copy at the end of the queue with its counter in a header, confirmed, then acknowledges the original.
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


LIMIT = 5


def on_message(ch, method, properties, body):
    headers = dict(properties.headers or {})
    failures = headers.get("x-failures", 0)
    try:
        make_invoice(body)
    except Exception as error:
        headers.update({"x-failures": failures + 1, "x-last-error": repr(error)})
        target = DEAD if failures + 1 >= LIMIT else QUEUE
        copy = pika.BasicProperties(
            content_type=properties.content_type,
            message_id=properties.message_id,
            headers=headers,
            delivery_mode=2,
        )
        ch.basic_publish("", target, body, copy, mandatory=True)
    ch.basic_ack(method.delivery_tag)


def main():
    """Lit la file, indéfiniment."""
    with pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])) as connection:
        ch = connection.channel()
        ch.queue_declare(QUEUE, durable=True)
        ch.queue_declare(DEAD, durable=True)
        ch.confirm_delivery()
        ch.basic_qos(prefetch_count=1)
        ch.basic_consume(QUEUE, on_message)
        ch.start_consuming()


main()
