# feedback: tué juste avant la ligne | en a oublié
# mistake: acquitte(nt) avant le travail
# auto_ack=True: everything already sent to the worker is forgotten by the broker; a kill loses all of it.
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

    def on_message(ch, method, properties, body):
        send_email(json.loads(body))

    ch.basic_consume(QUEUE, on_message, auto_ack=True)
    ch.start_consuming()


main()
