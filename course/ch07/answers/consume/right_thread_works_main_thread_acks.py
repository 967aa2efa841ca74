# one working thread, so that heartbeats go on during a long letter; the acknowledgement comes back by add_callback_threadsafe.
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pika

QUEUE = "courrier.commandes"


def send_email(event):
    """Écrit une lettre ; le serveur de courrier prend son temps."""
    time.sleep(event["seconds"])
    with open("courrier.txt", "a") as box:
        print(event["order_id"], file=box)


def main():
    """Lit la file, indéfiniment."""
    pool = ThreadPoolExecutor(max_workers=1)

    def work(connection, ch, tag, body):
        try:
            send_email(json.loads(body))
            answer = partial(ch.basic_ack, tag)
        except Exception as error:
            print("remis en file :", repr(error), flush=True)
            answer = partial(ch.basic_nack, tag, requeue=True)
        try:
            connection.add_callback_threadsafe(answer)
        except pika.exceptions.AMQPError:
            pass  # connexion perdue : le courtier relivrera

    while True:
        try:
            with pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])) as connection:
                ch = connection.channel()
                ch.queue_declare(QUEUE, durable=True)
                ch.basic_qos(prefetch_count=5)
                for method, properties, body in ch.consume(QUEUE, inactivity_timeout=1):
                    if method is not None:
                        pool.submit(work, connection, ch, method.delivery_tag, body)
        except pika.exceptions.AMQPError:
            time.sleep(0.5)


main()
