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


channel = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
channel.queue_declare(QUEUE, durable=True)
while True:
    batch = []
    for method, properties, body in channel.consume(QUEUE, inactivity_timeout=0.1):
        if body is None:
            break
        batch.append(body)
        channel.basic_ack(method.delivery_tag)
    for body in batch:
        send_email(json.loads(body))
