"""AMQP: a connection to RabbitMQ, and the shape of the shop's exchanges and queues.

Everything is durable; queues that consumers share are quorum queues, with a dead-letter queue and
no limit on deliveries (consumer.py counts failures). Works from RabbitMQ 3.10 to 4.3.
"""

import pika

from services.chassis import settings, telemetry
from services.chassis.faults import crash_point

EXCHANGE = "shop.events"
DEAD_LETTERS = "shop.dead"
UNLIMITED = 2**31  # deliveries; said, because RabbitMQ 4 would set 20, and 3.10 knows no -1
PERSISTENT = 2


def connect(purpose):
    """Open a connection; RabbitMQ lists it under the name of this instance."""
    parameters = pika.URLParameters(settings.rabbitmq_url())
    parameters.client_properties = {"connection_name": settings.instance(), "purpose": purpose}
    parameters.heartbeat = 20
    parameters.blocked_connection_timeout = 20
    parameters.socket_timeout = 5
    return pika.BlockingConnection(parameters)


def publish(channel, routing_key, body, message_id, mandatory=True):
    """Publish to the events' exchange, and return once the broker has confirmed.

    On a channel in confirm mode; raises UnroutableError if it is mandatory and no queue is bound.
    """
    properties = pika.BasicProperties(
        message_id=message_id,
        content_type="application/json",
        delivery_mode=PERSISTENT,
        headers=telemetry.inject({}),
    )
    channel.basic_publish(EXCHANGE, routing_key, body.encode(), properties, mandatory)


def declare_exchanges(channel):
    for exchange in (EXCHANGE, DEAD_LETTERS):
        channel.exchange_declare(exchange, exchange_type="topic", durable=True)


def declare_queue(channel, queue, routing_keys, ordered=False):
    """A quorum queue bound to the events' exchange, and its dead-letter queue.

    `routing_keys` come in the order of an order's events, and the last is bound first. Bound to
    `order.created` before `order.cancelled`, the queue would miss a cancellation published between
    the two bindings; as it matches other queues, `mandatory` would not report it.
    """
    declare_exchanges(channel)
    dead = f"{queue}.dead"
    channel.queue_declare(dead, durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(dead, DEAD_LETTERS, routing_key=queue)
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": UNLIMITED,
        "x-dead-letter-exchange": DEAD_LETTERS,
        "x-dead-letter-routing-key": queue,
        # By default a dead letter is republished without confirms: a crash could lose it.
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    if ordered:
        arguments["x-single-active-consumer"] = True
    channel.queue_declare(queue, durable=True, arguments=arguments)
    for routing_key in reversed(routing_keys):
        channel.queue_bind(queue, EXCHANGE, routing_key=routing_key)
        crash_point("consumer_between_bindings")
