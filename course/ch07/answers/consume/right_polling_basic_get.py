# no subscription: asks the queue for one message at a time, and sleeps with the connection's own sleep.
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
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    ch = connection.channel()
    ch.queue_declare(queue=QUEUE, durable=True)
    while True:
        method, properties, body = ch.basic_get(QUEUE)
        if method is None:
            connection.sleep(0.1)
            continue
        send_email(json.loads(body))
        ch.basic_ack(method.delivery_tag)


main()
