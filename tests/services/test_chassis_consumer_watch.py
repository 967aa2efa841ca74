"""A consumer notices that its broker has forgotten it."""

import pika
import pytest

from services.chassis.consumer import PATIENCE, Watch

QUEUE = "forgotten"


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def channel(rabbitmq_url):
    with pika.BlockingConnection(pika.URLParameters(rabbitmq_url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.queue_declare(QUEUE, durable=True)
        yield channel


@pytest.fixture
def look(channel):
    """Let PATIENCE pass, and look."""
    clock = Clock()
    watch = Watch(clock)

    def look():
        clock.now += PATIENCE
        return watch.is_forgotten(channel, QUEUE)

    look.watch = watch
    return look


@pytest.mark.needs("rabbitmq")
class TestWatch:
    def test_messages_that_only_wait(self, channel, look):
        """Two looks find the same messages waiting: nobody is being served."""
        channel.basic_publish("", QUEUE, b"one")

        assert [look(), look()] == [False, True]

    def test_an_empty_queue(self, look):
        """Nothing to deliver, nothing forgotten."""
        assert not any(look() for _ in range(3))

    def test_a_queue_that_moves(self, channel, look):
        """Another instance is at work: the number that waits changes."""
        for body in (b"one", b"two"):
            channel.basic_publish("", QUEUE, body)
        first = look()
        channel.basic_get(QUEUE, auto_ack=True)

        assert [first, look()] == [False, False]

    def test_a_delivery_in_between(self, channel, look):
        """What was just served is not forgotten."""
        channel.basic_publish("", QUEUE, b"one")
        first = look()
        look.watch.delivered()

        assert [first, look()] == [False, False]
