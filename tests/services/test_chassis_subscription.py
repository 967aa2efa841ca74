"""A queue that is being bound misses no end of a life whose beginning it hears."""

import pika
import pytest

from services.chassis import amqp

pytestmark = pytest.mark.needs("rabbitmq")

LIFE = ("order.created", "order.confirmed")


class Interrupted:
    """A channel on which a whole life is published after each binding."""

    def __init__(self, channel, live):
        self._channel, self._live = channel, live

    def __getattr__(self, name):
        return getattr(self._channel, name)

    def queue_bind(self, *arguments, **options):
        self._channel.queue_bind(*arguments, **options)
        self._live()


@pytest.fixture
def channel(rabbitmq_url):
    with pika.BlockingConnection(pika.URLParameters(rabbitmq_url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        amqp.declare_exchanges(channel)
        yield channel


@pytest.fixture
def live(channel):
    """A function: publish a life, its end only once somebody has heard its beginning, as the
    outbox does."""
    amqp.declare_queue(channel, "rival", LIFE[1:])

    def live():
        for routing_key in LIFE:
            try:
                amqp.publish(channel, routing_key, "{}", routing_key)
            except pika.exceptions.UnroutableError:
                return

    return live


def test_hears_all_or_nothing(channel, live):
    """The rival alone would hear an end; and after the last binding everything is heard."""
    amqp.declare_queue(Interrupted(channel, live), "subscriber", LIFE)

    heard = []
    while (message := channel.basic_get("subscriber", auto_ack=True))[0]:
        heard.append(message[0].routing_key)
    assert heard == list(LIFE)
