"""The checks of chapter 07: no earlier try changes a verdict, and no mistake is called ours."""

import json

import pika
import pytest
import zoo

from workbook.checks.card import Card
from workbook.checks.judge import judge
from workbook.checks.outcome import Outcome
from workbook.checks.registry import find
from workbook.shop import Shop

pytestmark = pytest.mark.needs("rabbitmq")
EXCHANGE = "shop.events"


@pytest.fixture(scope="module")
def shop():
    opened = Shop.current()
    with connected(opened.broker) as connection:
        connection.channel().exchange_declare(EXCHANGE, "topic", durable=True)
    yield opened
    opened.stop()


def connected(broker):
    return pika.BlockingConnection(pika.URLParameters(broker.url))


def card_of(result):
    return zoo.with_spaces(Card(result).text())


def publisher(broker, **options):
    """A right answer to ch07.publish; `mandatory=False` makes it a wrong one."""

    def publish(event):
        key = event["type"].lower().replace("_", ".")
        try:
            with connected(broker) as connection:
                channel = connection.channel()
                channel.confirm_delivery()
                properties = pika.BasicProperties(delivery_mode=2)
                sending = {"mandatory": True} | options
                channel.basic_publish(EXCHANGE, key, json.dumps(event), properties, **sending)
        except pika.exceptions.AMQPError:
            return False
        return True

    return publish


class TestWhatALearnerLeftBound:
    @pytest.fixture(params=["#", "*.*"])
    def leavings(self, shop, request):
        """A queue full, bound to everything: it refuses what others would take."""
        arguments = {"x-max-length": 1, "x-overflow": "reject-publish"}
        with connected(shop.broker) as connection:
            channel = connection.channel()
            channel.queue_declare("tout", durable=True, arguments=arguments)
            channel.basic_publish("", "tout", b"la seule place")
            channel.queue_bind("tout", EXCHANGE, request.param)
        yield request.param
        with connected(shop.broker) as connection:
            connection.channel().queue_delete("tout")

    def test_right_publisher_passes(self, shop, leavings):
        result = judge(find("ch07.publish"), (publisher(shop.broker),), 1)

        assert result.outcome is Outcome.PASSED, card_of(result)
        bound = shop.broker.topology()["bindings"]
        assert [b["routing_key"] for b in bound if b["destination"] == "tout"] == [leavings]

    def test_publisher_that_asks_for_no_return_is_refused(self, shop, leavings):
        result = judge(find("ch07.publish"), (publisher(shop.broker, mandatory=False),), 1)

        assert "Aucune file n’attend" in card_of(result)

    def test_queue_that_obeys_another_connection_is_named(self, shop):
        """Nobody else may unbind an exclusive queue: the card says how to."""
        with connected(shop.broker) as connection:
            channel = connection.channel()
            queue = channel.queue_declare("", exclusive=True).method.queue
            channel.queue_bind(queue, EXCHANGE, "#")
            result = judge(find("ch07.publish"), (publisher(shop.broker),), 1)

        assert result.outcome is Outcome.CANNOT_CHECK
        assert queue in card_of(result)


class TestBindingKeys:
    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (lambda: ["order.*"], "une liste de textes"),
            (12, "de type « int »"),
            ({"order.*": "payment.failed"}, "une liste de textes"),
            ([b"order.*"], "une liste de textes"),
            (["order.*", "x" * 300], "300 octets"),
        ],
    )
    def test_what_is_no_list_of_keys_is_told(self, shop, answer, words):
        result = judge(find("ch07.bindings"), (answer,), 1)

        assert result.outcome is Outcome.INCORRECT
        assert words in card_of(result)

    def test_keys_may_be_made_as_they_are_read(self, shop):
        """A generator can be read once: every step has the same keys."""
        keys = (key for key in ["order.#", "payment.failed"])

        assert judge(find("ch07.bindings"), (keys,), 1).outcome is Outcome.PASSED


def test_blocked_broker_is_not_the_learners_fault(shop, monkeypatch):
    """What fails while an alarm stops every publisher proves nothing about the answer."""
    exercise = find("ch07.bindings")
    monkeypatch.setattr(shop.broker, "trouble", iter(["", "RabbitMQ est bloqué"]).__next__)

    result = judge(exercise, ([],), 1)

    assert result.steps[0].outcome is Outcome.CANNOT_CHECK
    assert "RabbitMQ est bloqué" in card_of(result)
