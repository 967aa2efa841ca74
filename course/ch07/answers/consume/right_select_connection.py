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


class Postman:
    def run(self):
        parameters = pika.URLParameters(os.environ["RABBITMQ_URL"])
        self.connection = pika.SelectConnection(parameters, on_open_callback=self.opened)
        self.connection.ioloop.start()

    def opened(self, connection):
        connection.channel(on_open_callback=self.ready)

    def ready(self, channel):
        channel.queue_declare(
            QUEUE, durable=True, callback=lambda frame: channel.basic_consume(QUEUE, self.receive)
        )

    def receive(self, channel, method, properties, body):
        send_email(json.loads(body))
        channel.basic_ack(method.delivery_tag)


Postman().run()
