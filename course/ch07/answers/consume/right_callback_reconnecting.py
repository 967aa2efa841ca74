# basic_consume and start_consuming, one message at a time, acknowledged after the letter; reconnects when the broker comes back.
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


def on_message(ch, method, properties, body):
    send_email(json.loads(body))
    ch.basic_ack(delivery_tag=method.delivery_tag)


def main():
    """Lit la file, indéfiniment."""
    while True:
        try:
            with pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])) as connection:
                ch = connection.channel()
                ch.queue_declare(QUEUE, durable=True)
                ch.basic_qos(prefetch_count=1)
                ch.basic_consume(QUEUE, on_message)
                ch.start_consuming()
        except pika.exceptions.AMQPError as error:
            print("courtier injoignable :", repr(error), flush=True)
            time.sleep(0.5)


main()
