"""One trace through the broker; and the broker killed in mid-stream."""

import threading
import time

import pytest
from basics import eventually
from eventing import record, sent

pytestmark = pytest.mark.needs("rabbitmq")


class TestTrace:
    def test_goes_through_the_broker(self, publisher, consumer):
        """The consumer's span is a child of the producer's, that of the request's: one tree."""
        response = record(publisher, ("7", 1), headers={"X-Correlation-ID": "story-7"})
        server = publisher.wait_for("span", span_kind="server", correlation_id="story-7")
        producer = publisher.wait_for("span", span_kind="producer", correlation_id="story-7")
        consumer = consumer.wait_for("span", span_kind="consumer", correlation_id="story-7")

        assert {span["trace_id"] for span in (server, producer, consumer)} == {server["trace_id"]}
        assert producer["parent_id"] == server["span_id"]
        assert consumer["parent_id"] == producer["span_id"]
        sent, received = producer["attributes"], consumer["attributes"]
        assert sent["messaging.destination.name"] == "shop.events"
        assert sent["messaging.rabbitmq.destination.routing_key"] == "order.created"
        assert received["messaging.destination.subscription.name"] == "notifications.orders"
        assert sent["messaging.message.id"] == received["messaging.message.id"]
        assert [sent["messaging.message.id"]] == response.json()

    def test_sees_a_learners_plain_pika(self, start, rabbitmq_url, queues):
        """A plain publisher and a plain consumer: both ends and the link between them."""
        queues.channel.queue_declare("tasks", durable=True)
        worker = start.script(
            "worker",
            """
            import os
            import pika

            connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
            channel = connection.channel()


            def on_message(channel, method, properties, body):
                print("reçu", body.decode())
                channel.basic_ack(method.delivery_tag)


            channel.basic_consume("tasks", on_message)
            channel.start_consuming()
            """,
            wait=False, RABBITMQ_URL=rabbitmq_url,
        )  # fmt: skip
        publisher = start.script(
            "publisher",
            """
            import os
            import pika
            from flask import Flask

            app = Flask(__name__)


            @app.post("/tasks")
            def add():
                url = pika.URLParameters(os.environ["RABBITMQ_URL"])
                with pika.BlockingConnection(url) as connection:
                    connection.channel().basic_publish("", "tasks", b"bonjour")
                return {}
            """,
            RABBITMQ_URL=rabbitmq_url,
        )
        publisher.post("/tasks")
        producer = publisher.wait_for("span", span_kind="producer")
        consumer = worker.wait_for("span", span_kind="consumer")

        assert consumer["parent_id"] == producer["span_id"]
        assert consumer["attributes"]["messaging.destination.subscription.name"] == "tasks"
        worker.wait_for("text", text="reçu bonjour")


class TestBrokerLost:
    def test_everything_arrives_after_a_kill(self, broker, publisher, consumer):
        """kill -9 of the broker in mid-stream: all is there once it is back, each thing once."""
        numbers = iter(range(10_000))
        stop = threading.Event()
        recorded = []

        def load():
            while not stop.is_set():
                number = next(numbers)
                if record(publisher, ("7", number)).status_code == 200:
                    recorded.append(("7", number))

        declared_at = time.monotonic()
        loader = threading.Thread(target=load)
        loader.start()
        # Ra writes a new queue's name to disk within 3 s (dets): a kill before that orphans it.
        eventually(lambda: time.monotonic() - declared_at > 4)
        eventually(lambda: len(sent(consumer)) > 20)
        broker.kill()
        reached = len(recorded)
        eventually(lambda: len(recorded) > reached + 20)
        assert publisher.get("/health/live").status_code == 200
        broker.restart()
        stop.set()
        loader.join()

        eventually(lambda: len(sent(consumer)) >= len(recorded), seconds=60)
        assert sent(consumer) == recorded
