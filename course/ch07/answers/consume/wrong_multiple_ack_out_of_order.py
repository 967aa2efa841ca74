# feedback: Erreur dans votre code | est mort
# mistake: acquitte(nt) aussi ce qui n’est pas encore fait
# four threads, each acknowledging with multiple=True when it ends: a short letter acknowledges the longer one taken before it, which a kill then loses (and whose own late acknowledgement, of an unknown tag, closes the channel).
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pika

QUEUE = "courrier.commandes"


def send_email(event):
    """Écrit une lettre ; le serveur de courrier prend son temps."""
    time.sleep(event["seconds"])
    with open("courrier.txt", "a") as box:
        print(event["order_id"], file=box)


def main():
    """Lit la file, indéfiniment."""
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    ch = connection.channel()
    ch.queue_declare(QUEUE, durable=True)
    ch.basic_qos(prefetch_count=10)
    pool = ThreadPoolExecutor(max_workers=4)

    def work(tag, body):
        send_email(json.loads(body))
        connection.add_callback_threadsafe(lambda: ch.basic_ack(tag, multiple=True))

    for method, properties, body in ch.consume(QUEUE, inactivity_timeout=1):
        if method is not None:
            pool.submit(work, method.delivery_tag, body)


main()
