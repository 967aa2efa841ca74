# feedback: tué juste avant la ligne | en a oublié
# mistake: laisse(nt) la file disparaître avec son lecteur
# declares the queue auto_delete: when its only reader is killed, the queue goes with all its letters (or the declaration is refused if the queue exists).
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
    ch.queue_declare(QUEUE, durable=True, auto_delete=True)
    ch.basic_qos(prefetch_count=1)
    for method, properties, body in ch.consume(QUEUE):
        send_email(json.loads(body))
        ch.basic_ack(method.delivery_tag)


main()
