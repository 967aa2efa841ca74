# feedback: Tué au sixième message | oublié 1
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
    channel.basic_ack(method.delivery_tag)
    send_email(json.loads(body))


channel = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
channel.queue_declare(QUEUE, durable=True)
channel.basic_qos(prefetch_count=1)
channel.basic_consume(QUEUE, on_message)
channel.start_consuming()
