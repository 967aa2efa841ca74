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
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    channel = connection.channel()
    channel.queue_declare(queue=QUEUE, durable=True)
    while True:
        method, properties, body = channel.basic_get(QUEUE)
        if method is None:
            connection.sleep(0.05)
            continue
        send_email(json.loads(body))
        channel.basic_ack(delivery_tag=method.delivery_tag)


if __name__ == "__main__":
    main()
