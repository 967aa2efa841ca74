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


channel = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
channel.queue_declare(QUEUE, durable=True)
channel.basic_qos(prefetch_count=5)
done = 0
for method, properties, body in channel.consume(QUEUE, inactivity_timeout=0.2):
    if body is None:
        continue
    send_email(json.loads(body))
    done += 1
    if done % 5 == 0:
        channel.basic_ack(method.delivery_tag, multiple=True)
    last = method.delivery_tag
    if done % 5 and not channel.get_waiting_message_count():
        channel.basic_ack(last, multiple=True)
        done = 0
