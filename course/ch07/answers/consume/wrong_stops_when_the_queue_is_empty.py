# feedback: est mort | s’est terminé
# mistake: s’arrête(nt) quand la file est vide
# leaves the loop when the queue is quiet for a second, so the letters that come later are never sent: not for ever, as asked.
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
        for method, properties, body in ch.consume(QUEUE, inactivity_timeout=1):
            if body is None:
                break
            send_email(json.loads(body))
            ch.basic_ack(method.delivery_tag)


main()
