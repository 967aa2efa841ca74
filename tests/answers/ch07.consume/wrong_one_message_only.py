# feedback: 10 messages en file
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
channel.basic_qos(prefetch_count=1)
for method, properties, body in channel.consume(QUEUE):
    send_email(json.loads(body))
    channel.basic_ack(method.delivery_tag)
    break
while True:
    channel.connection.process_data_events(1)
