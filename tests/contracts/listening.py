"""Listening to the shop's events, and publishing some: the broker's side of the contracts."""

import json

import pika
from basics import eventually

EXCHANGE = "shop.events"


class Ear:
    """A queue of our own that hears every event of one virtual host."""

    def __init__(self, url):
        self.connection = pika.BlockingConnection(pika.URLParameters(url))
        self.channel = self.connection.channel()
        self.channel.exchange_declare(EXCHANGE, "topic", durable=True)
        self.queue = self.channel.queue_declare("", exclusive=True).method.queue
        self.channel.queue_bind(self.queue, EXCHANGE, routing_key="#")
        self.channel.confirm_delivery()
        self.heard = []

    def close(self):
        self.connection.close()

    def all(self):
        """Every event heard so far: {"routing_key", "body"}."""
        while (got := self.channel.basic_get(self.queue, auto_ack=True))[0]:
            method, _, body = got
            self.heard.append({"routing_key": method.routing_key, "body": json.loads(body)})
        return self.heard

    def of(self, order_id, routing_key):
        """The events of one order with this routing key, awaited."""
        return eventually(
            lambda: [
                event
                for event in self.all()
                if event["routing_key"] == routing_key
                and event["body"]["data"].get("order_id") == order_id
            ],
            what=f"{routing_key} of {order_id}",
        )

    def publish(self, routing_key, body):
        properties = pika.BasicProperties(
            message_id=body["id"], content_type="application/json", delivery_mode=2
        )
        self.channel.basic_publish(EXCHANGE, routing_key, json.dumps(body).encode(), properties)

    def is_bound(self, queue):
        """Whether a consumer has declared this queue, bound it and listens."""
        with self.connection.channel() as probe:
            try:
                return probe.queue_declare(queue, passive=True).method.consumer_count > 0
            except pika.exceptions.ChannelClosedByBroker:
                return False
