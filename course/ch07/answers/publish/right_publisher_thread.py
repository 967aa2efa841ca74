# a thread of its own publishes what comes through a queue.
import contextlib
import queue
import threading

outbox = queue.Queue()


def relay():
    while True:
        event, answers = outbox.get()
        answers.put(send(event))


def send(event):
    connection = None
    try:
        connection = pika.BlockingConnection(pika.URLParameters(shop.broker.url))
        ch = connection.channel()
        ch.confirm_delivery()
        properties = pika.BasicProperties(delivery_mode=2)
        ch.basic_publish("shop.events", routing_key(event), json.dumps(event), properties, True)
        return True
    except pika.exceptions.AMQPError:
        return False
    finally:
        if connection and connection.is_open:
            with contextlib.suppress(pika.exceptions.AMQPError):
                connection.close()


threading.Thread(target=relay, daemon=True).start()


def publish(event):
    answers = queue.Queue()
    outbox.put((event, answers))
    return answers.get(timeout=10)
