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


from concurrent.futures import ThreadPoolExecutor
from functools import partial

pool = ThreadPoolExecutor(4)
connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
channel = connection.channel()


def work(tag, body):
    send_email(json.loads(body))
    connection.add_callback_threadsafe(partial(channel.basic_ack, tag))


def on_message(channel, method, properties, body):
    pool.submit(work, method.delivery_tag, body)


channel.queue_declare(QUEUE, durable=True)
channel.basic_qos(prefetch_count=8)
channel.basic_consume(QUEUE, on_message)
channel.start_consuming()
