"""Notifications: every customer is told once, and a poison event stops nobody."""

import json
import uuid

import pika
import pytest
from basics import eventually
from order_shop import OrderShop
from pika.exceptions import UnroutableError

pytestmark = pytest.mark.needs("rabbitmq")

ORDER = {
    "order_id": "order-1",
    "user_id": "alice",
    "status": "CONFIRMED",
    "reason": None,
    "total_cents": 7980,
    "items": [{"sku": "LAMP", "name": "Lampe de bureau", "quantity": 2, "price_cents": 3990}],
}


@pytest.fixture
def shop(rabbitmq_url):
    shop = OrderShop(RABBITMQ_URL=rabbitmq_url).start("auth", "notifications")
    yield shop
    shop.close()


@pytest.fixture
def channel(rabbitmq_url, shop):
    with pika.BlockingConnection(pika.URLParameters(rabbitmq_url)) as connection:
        channel = connection.channel()
        channel.exchange_declare("shop.events", "topic", durable=True)
        channel.confirm_delivery()
        yield channel


def publish(channel, data, routing_key="order.confirmed", message_id=None):
    message_id = message_id or str(uuid.uuid4())
    body = {"id": message_id, "type": "ORDER_CONFIRMED", "occurred_at": "2026-01-01", "data": data}
    properties = pika.BasicProperties(message_id=message_id, delivery_mode=2)
    eventually(
        lambda: routed(channel, routing_key, json.dumps(body), properties),
        what=f"{routing_key} bound",
    )


def routed(channel, routing_key, body, properties):
    try:
        channel.basic_publish("shop.events", routing_key, body, properties, mandatory=True)
    except UnroutableError:
        return False
    return True


def depth(channel, queue):
    return channel.queue_declare(queue, passive=True).method.message_count


def told(shop, user="alice", query=""):
    answer = shop.call("notifications", "GET", f"/notifications{query}", user)
    return answer.json()["notifications"]


def test_told_once(shop, channel):
    """An event delivered three times is one message to the customer, and one email.sent."""
    for _ in range(3):
        publish(channel, ORDER, message_id="delivered-thrice")
    publish(channel, {**ORDER, "order_id": "order-2"}, message_id="the-last")
    eventually(lambda: told(shop, query="?order_id=order-2"), what="the last event")

    (notification,) = told(shop, query="?order_id=order-1")
    assert (notification["kind"], notification["recipient"]) == ("order.confirmed", "alice")
    assert "79,80" in notification["text"]
    sent = shop.rows("notifications", "SELECT key FROM outbox WHERE routing_key = 'email.sent'")
    assert sorted(sent) == [("order-1",), ("order-2",)]


def test_line_of_a_message(shop, channel):
    """Each message consumed has its line in the log, as each request served has."""
    publish(channel, ORDER)

    notifications = shop.processes["notifications"]
    shop.await_line(notifications, kind="log", message="order.confirmed → handled")


def test_mine_only(shop, channel):
    """Nobody reads another's messages."""
    publish(channel, {**ORDER, "user_id": "bob"})

    eventually(lambda: told(shop, "bob"), what="bob's message")
    assert told(shop, "alice") == []
    assert shop.call("notifications", "GET", "/notifications").status_code == 401


def test_each_ending(shop, channel):
    """Every way an order ends has its message."""
    for status in ("CONFIRMED", "REJECTED", "CANCELLED"):
        publish(channel, {**ORDER, "status": status}, f"order.{status.lower()}")

    eventually(lambda: len(told(shop)) == 3, what="three messages")
    assert len({notification["text"] for notification in told(shop)}) == 3


def test_poison(shop, channel):
    """An event that makes no sense ends in the dead-letter queue, and the next one is handled."""
    publish(channel, {"order_id": "poison"})
    publish(channel, ORDER)

    eventually(lambda: depth(channel, "notifications.orders.dead") == 1, what="one dead letter")
    eventually(lambda: told(shop), what="the message after the poison")
    assert depth(channel, "notifications.orders") == 0


@pytest.mark.parametrize(
    "point", ["before_send_commit", "consumer_before_commit", "consumer_before_ack"]
)
def test_crash(shop, channel, point):
    """Killed at any point of its work, notifications tells the customer once all the same."""
    shop.kill("notifications")
    shop.start("notifications", FAULT=f"notifications:{point}:1")
    publish(channel, ORDER)
    shop.await_death("notifications")
    shop.start("notifications")
    eventually(lambda: told(shop), what="the message")
    publish(channel, {**ORDER, "order_id": "order-2"})
    eventually(lambda: told(shop, query="?order_id=order-2"), what="the next message")

    assert len(told(shop, query="?order_id=order-1")) == 1
