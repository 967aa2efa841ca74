# feedback: factures.commandes.dead » n’existe pas
import collections
import json
import os

import pika

QUEUE = "factures.commandes"
DEAD = "factures.commandes.dead"

journal = open("factures.txt", "a", buffering=1)
tries = collections.Counter()


def make_invoice(body):
    tries[body] += 1
    print("essai", body.decode(), file=journal)
    order = json.loads(body)
    if tries[body] <= order["failures"]:
        raise OSError("imprimante hors ligne")
    print("facture", order["order_id"], file=journal)


connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
channel = connection.channel()

def on_message(channel, method, properties, body):
    for _ in range(5):
        try:
            make_invoice(body)
            break
        except Exception as error:
            print(error)
    channel.basic_ack(method.delivery_tag)


channel.queue_declare(QUEUE, durable=True)
channel.basic_consume(QUEUE, on_message)
channel.start_consuming()
