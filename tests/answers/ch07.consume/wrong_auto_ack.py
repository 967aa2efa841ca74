# feedback: Tué au sixième message | oublié
import json
import os
import time

import pika

QUEUE = "courrier.commandes"


def send_email(event):
    time.sleep(event["seconds"])
    with open("courrier.txt", "a") as box:
        print(event["order_id"], file=box)


def on_message(channel, method, properties, body):
    send_email(json.loads(body))


channel = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
channel.queue_declare(QUEUE, durable=True)
channel.basic_consume(QUEUE, on_message, auto_ack=True)
channel.start_consuming()
