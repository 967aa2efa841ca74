# feedback: 10 messages en file
# mistake: n’acquitte(nt) jamais
# forgets the acknowledgement, with a prefetch of 1: the first letter is sent and the others wait for ever.
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
    ch.basic_qos(prefetch_count=1)
    for method, properties, body in ch.consume(QUEUE):
        send_email(json.loads(body))


main()
