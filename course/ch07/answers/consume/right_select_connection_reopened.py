# the asynchronous SelectConnection: declare, qos, consume by callbacks, acknowledged after the letter, reopened when it falls.
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


def main():
    """Lit la file, indéfiniment."""
    def on_message(ch, method, properties, body):
        send_email(json.loads(body))
        ch.basic_ack(method.delivery_tag)

    def on_channel(ch):
        def consume(_frame):
            ch.basic_consume(QUEUE, on_message)

        def limit(_frame):
            ch.basic_qos(prefetch_count=1, callback=consume)

        ch.add_on_close_callback(on_channel_closed)
        ch.queue_declare(QUEUE, durable=True, callback=limit)

    def on_channel_closed(ch, reason):
        if ch.connection.is_open:
            ch.connection.close()

    def stop(connection, reason):
        print("connexion perdue :", reason, flush=True)
        connection.ioloop.stop()

    while True:
        connection = pika.SelectConnection(
            pika.URLParameters(os.environ["RABBITMQ_URL"]),
            on_open_callback=lambda connection: connection.channel(on_open_callback=on_channel),
            on_open_error_callback=stop,
            on_close_callback=stop,
        )
        connection.ioloop.start()
        connection.ioloop.close()
        time.sleep(0.5)


main()
