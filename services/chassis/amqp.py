"""AMQP: a connection to RabbitMQ, and the shape of the shop's exchanges and queues.

Everything is durable; queues that consumers share are quorum queues, with a limit on deliveries
and a dead-letter queue. Works from RabbitMQ 3.10 to 4.3.
"""

import pika

from services.chassis import settings, telemetry
from services.chassis.faults import crash_point

EXCHANGE = "shop.events"
DEAD_LETTERS = "shop.dead"
DELIVERY_LIMIT = 5
PERSISTENT = 2


def connect(purpose):
    """Open a connection, named after this instance so that the broker can tell who is there."""
    parameters = pika.URLParameters(settings.rabbitmq_url())
    parameters.client_properties = {"connection_name": settings.instance(), "purpose": purpose}
    parameters.heartbeat = 20
    parameters.blocked_connection_timeout = 20
    parameters.socket_timeout = 5
    return pika.BlockingConnection(parameters)


def publish(channel, routing_key, body, message_id, mandatory=True):
    """Publish to the events' exchange, and return once the broker has it safe.

    On a channel in confirm mode; raises UnroutableError if it is mandatory and no queue wants it.
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

    `routing_keys` in the order of the life they tell, for they are bound from the last to the
    first: whoever hears a life begin hears all of it. The other way round, what is published
    between two bindings goes to the other subscribers alone, and `mandatory` sees no harm in it.
    """
    declare_exchanges(channel)
    dead = f"{queue}.dead"
    channel.queue_declare(dead, durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(dead, DEAD_LETTERS, routing_key=queue)
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
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
