# feedback: tué juste avant la ligne | en a oublié
# mistake: acquitte(nt) avant le travail
# takes messages one by one, but with auto_ack=True: the letter being written at the kill is lost.
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
        while True:
            method, properties, body = ch.basic_get(QUEUE, auto_ack=True)
            if method is None:
                connection.sleep(0.1)
            else:
                send_email(json.loads(body))


main()
