# feedback: tué juste avant la ligne | en a oublié
# mistake: (prend|prennent) un message rendu pour un message fait
# takes `redelivered` for 'already sent' and acknowledges without sending: the letters returned to the queue by a kill are lost.
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
        if not method.redelivered:
            send_email(json.loads(body))
        ch.basic_ack(method.delivery_tag)


main()
