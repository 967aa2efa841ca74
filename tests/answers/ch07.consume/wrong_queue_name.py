# feedback: courrier.commandes » n’existe pas
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
    channel.basic_ack(method.delivery_tag)


channel = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
channel.queue_declare("commandes", durable=True)
channel.basic_consume("commandes", on_message)
channel.start_consuming()
