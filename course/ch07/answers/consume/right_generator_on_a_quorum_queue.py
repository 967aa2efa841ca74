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


with pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])) as connection:
    channel = connection.channel()
    channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
    for method, properties, body in channel.consume(QUEUE, auto_ack=False):
        send_email(json.loads(body))
        channel.basic_ack(method.delivery_tag)
