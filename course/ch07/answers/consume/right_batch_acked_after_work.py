# acknowledges by up to ten at once with multiple=True, only after the last of them is written, in order.
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
    with pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])) as connection:
        ch = connection.channel()
        ch.queue_declare(QUEUE, durable=True)
        ch.basic_qos(prefetch_count=10)
        done, last = 0, None
        for method, properties, body in ch.consume(QUEUE, inactivity_timeout=0.2):
            if method is not None:
                send_email(json.loads(body))
                done, last = done + 1, method.delivery_tag
            if last is not None and (method is None or done == 10):
                ch.basic_ack(last, multiple=True)
                done, last = 0, None


main()
