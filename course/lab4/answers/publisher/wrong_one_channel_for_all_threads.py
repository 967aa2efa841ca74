# feedback: avec cinq autres
import json
import os
import uuid

import pika
from flask import Flask, abort, request
from pika.exceptions import AMQPError

app = Flask(__name__)


channel = None


def publish(return_id, event):
    global channel
    params = pika.URLParameters(os.environ["RABBITMQ_URL"])
    params.socket_timeout = params.stack_timeout = params.blocked_connection_timeout = 3
    if channel is None or not channel.is_open:
        channel = pika.BlockingConnection(params).channel()
        channel.confirm_delivery()
    channel.basic_publish(
        "shop.events",
        "return.requested",
        json.dumps(event),
        pika.BasicProperties(delivery_mode=2, message_id=return_id),
        mandatory=True,
    )


@app.post("/returns")
def give_back():
    body = request.get_json()
    return_id = str(uuid.uuid5(uuid.NAMESPACE_URL, "return:" + body["order_id"]))
    event = {"type": "RETURN_REQUESTED", "return_id": return_id}
    event |= {name: body[name] for name in ("order_id", "sku", "quantity", "amount_cents")}
    try:
        publish(return_id, event)
    except (AMQPError, OSError):
        abort(503)
    return {"return_id": return_id}, 202
