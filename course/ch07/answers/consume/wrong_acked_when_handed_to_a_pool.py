# feedback: tué juste avant la ligne | en a oublié
# mistake: acquitte(nt) avant le travail
# acknowledges as soon as the letter is handed to a pool of threads: those waiting in the pool at the kill are lost.
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
    ch = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
    ch.queue_declare(QUEUE, durable=True)
    ch.basic_qos(prefetch_count=10)
    with ThreadPoolExecutor(max_workers=4) as pool:
        for method, properties, body in ch.consume(QUEUE):
            pool.submit(send_email, json.loads(body))
            ch.basic_ack(method.delivery_tag)


main()
