# feedback: tué juste avant la ligne | en a oublié
# mistake: acquitte(nt) aussi ce qui n’est pas encore fait
# basic_ack(multiple=True) without a tag acknowledges every message received, the ones not yet written too: a kill loses them.
import json
import os
import time

import pika

QUEUE = "courrier.commandes"


def send_email(event):
    """Écrit une lettre ; le serveur de courrier prend son temps."""
    time.sleep(event["seconds"])
    with open("courrier.txt", "a") as box:
        print(event["order_id"], file=box)


def main():
    """Lit la file, indéfiniment."""
    ch = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
    ch.queue_declare(QUEUE, durable=True)
    for method, properties, body in ch.consume(QUEUE):
        send_email(json.loads(body))
        ch.basic_ack(multiple=True)


main()
