"""Events through a real RabbitMQ: nothing lost, nothing done twice, nothing out of order."""

import contextlib
import json
import threading
import time
import uuid
from collections import Counter

import pika
import pytest
from surroundings import eventually

pytestmark = pytest.mark.needs("rabbitmq")

PUBLISHER = """
    from flask import request
    from sqlalchemy.orm import DeclarativeBase
    from services.chassis import create_service
    from services.chassis.database import Database
    from services.chassis.events import Events

    app = create_service("orders")


    class Base(DeclarativeBase):
        pass


    database = Database(Base)
    events = Events(app, database)


    @app.post("/events/<routing_key>")
    def record(routing_key):
        ids = []
        with database.transaction() as session:
            for event in request.get_json():
                ids.append(events.record(session, routing_key, event["key"], event))
            if "fail" in request.args:
                raise RuntimeError
        return ids
"""

CONSUMER = """
    from pathlib import Path
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
    from services.chassis import create_service
    from services.chassis.calls import Unavailable
    from services.chassis.database import Database
    from services.chassis.events import Events

    app = create_service("notifications")


    class Base(DeclarativeBase):
        pass


    class Sent(Base):
        __tablename__ = "sent"

        id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
        key: Mapped[str]
        number: Mapped[int]


    database = Database(Base)
    events = Events(app, database)


    @app.get("/sent")
    def sent():
        with database.reading() as session:
            return [[row.key, row.number] for row in session.query(Sent).order_by(Sent.id)]


    @events.on("order.created", "order.confirmed", queue="orders")
    def send(session, event):
        if event.data.get("poison"):
            raise ValueError("poison")
        if event.data.get("needs") and not Path(event.data["needs"]).exists():
            raise Unavailable("post", "La poste est fermée.")
        if event.data.get("fails") and not Path(event.data["fails"]).exists():
            Path(event.data["fails"]).touch()
            raise ValueError("a bad moment")
        session.add(Sent(key=event.data["key"], number=event.data["number"]))
"""


class Queues:
    """What the test itself does at the broker."""

    def __init__(self, url):
        self.connection = pika.BlockingConnection(pika.URLParameters(url))
        self.channel = self.connection.channel()

    def bind(self, queue, routing_key):
        self.channel.exchange_declare("shop.events", "topic", durable=True)
        self.channel.queue_declare(queue, durable=True)
        self.channel.queue_bind(queue, "shop.events", routing_key)

    def depth(self, queue):
        return self.channel.queue_declare(queue, passive=True).method.message_count

    def publish(self, queue, body):
        self.channel.basic_publish("", queue, body)

    def drain(self, queue):
        """Every message of the queue now: (properties, method, content)."""
        found = []
        while (message := self.channel.basic_get(queue, auto_ack=True))[0]:
            method, properties, body = message
            found.append((properties, method, json.loads(body)))
        return found


@pytest.fixture
def queues(rabbitmq_url):
    queues = Queues(rabbitmq_url)
    yield queues
    with contextlib.suppress(pika.exceptions.AMQPError):
        queues.connection.close()


@pytest.fixture
def orders(start, rabbitmq_url):
    return start.script("orders", PUBLISHER, RABBITMQ_URL=rabbitmq_url)


@pytest.fixture
def notifications(start, rabbitmq_url, queues):
    service = start.script("notifications", CONSUMER, RABBITMQ_URL=rabbitmq_url)
    eventually(lambda: exists(queues, "notifications.orders"))
    return service


def exists(queues, name):
    try:
        queues.depth(name)
    except pika.exceptions.ChannelClosedByBroker:
        queues.channel = queues.connection.channel()
        return False
    return True


def tell(service, *events, routing_key="order.created", **options):
    """Record events of keys and numbers: ("7", 1) or a dictionary."""
    body = [
        event if isinstance(event, dict) else {"key": event[0], "number": event[1]}
        for event in events
    ]
    return service.post(f"/events/{routing_key}", body, **options)


def waiting(service):
    """How many events its outbox says are not published yet."""
    (line,) = [
        line
        for line in service.get("/metrics").text.splitlines()
        if line.startswith("outbox_pending_events ")
    ]
    return float(line.split()[1])


def sent(service):
    return [tuple(row) for row in service.get("/sent").json()]


class TestOutbox:
    def test_publishes_what_was_committed(self, orders, queues):
        """Persistent, with its id, its type and its time, by the key it was recorded under."""
        queues.bind("all", "#")
        (event_id,) = tell(orders, ("7", 1)).json()
        eventually(lambda: queues.depth("all") == 1)
        ((properties, method, content),) = queues.drain("all")

        assert method.routing_key == "order.created"
        assert properties.delivery_mode == 2
        assert properties.content_type == "application/json"
        assert properties.message_id == content["id"] == event_id
        assert content["type"] == "ORDER_CREATED"
        assert content["data"] == {"key": "7", "number": 1}
        assert content["occurred_at"].endswith("+00:00")

    def test_does_not_publish_what_was_rolled_back(self, orders, queues):
        queues.bind("all", "#")
        assert tell(orders, ("7", 1), params={"fail": 1}).status_code == 500
        tell(orders, ("8", 1))
        eventually(lambda: queues.depth("all") == 1)

        assert [content["data"]["key"] for _, _, content in queues.drain("all")] == ["8"]

    def test_keeps_the_order(self, orders, queues):
        queues.bind("all", "#")
        tell(orders, *[(str(number % 3), number) for number in range(60)])
        eventually(lambda: queues.depth("all") == 60)

        numbers = [content["data"]["number"] for _, _, content in queues.drain("all")]
        assert numbers == list(range(60))

    def test_waits_for_somebody_to_listen(self, orders, queues):
        """An event nobody could get is not lost, and holds back its own key only."""
        queues.bind("confirmed", "order.confirmed")
        tell(orders, ("7", 1))
        tell(orders, ("7", 2), ("8", 3), routing_key="order.confirmed")
        eventually(lambda: queues.depth("confirmed") == 1)
        assert queues.drain("confirmed")[0][2]["data"]["key"] == "8"
        eventually(lambda: waiting(orders) == 2)

        queues.bind("created", "order.created")

        eventually(lambda: queues.depth("confirmed") == 1)
        assert queues.drain("created")[0][2]["data"] == {"key": "7", "number": 1}
        eventually(lambda: waiting(orders) == 0)

    def test_two_relays_publish_in_order(self, start, rabbitmq_url, queues):
        """Two instances on one database: each event once, and in order within its key."""
        queues.bind("all", "#")
        url = f"sqlite:///{start.folder}/orders.db"
        pair = [
            start.script(
                "orders", PUBLISHER, instance=name, DATABASE_URL=url, RABBITMQ_URL=rabbitmq_url
            )
            for name in ("orders-1", "orders-2")
        ]
        for number in range(40):
            tell(pair[number % 2], ("7", number))
        eventually(lambda: queues.depth("all") >= 40)

        numbers = [content["data"]["number"] for _, _, content in queues.drain("all")]
        assert numbers == list(range(40))

    def test_another_relay_takes_over(self, start, rabbitmq_url, queues):
        """The instance that relayed is killed: the lease runs out and the other one relays."""
        queues.bind("all", "#")
        url = f"sqlite:///{start.folder}/orders.db"
        first, second = (
            start.script(
                "orders", PUBLISHER, instance=name, DATABASE_URL=url, RABBITMQ_URL=rabbitmq_url
            )
            for name in ("orders-1", "orders-2")
        )
        tell(first, ("7", 1))
        eventually(lambda: queues.depth("all") == 1)
        first.kill()

        tell(second, ("7", 2))

        eventually(lambda: queues.depth("all") == 2)

    @pytest.mark.parametrize("point", ["relay_before_publish", "relay_after_publish"])
    @pytest.mark.parametrize("count", [1, 3, 5])
    def test_survives_a_kill_at(self, start, rabbitmq_url, queues, point, count):
        """Killed between the two writes: published again perhaps, lost never."""
        queues.bind("all", "#")
        fault = {"FAULT": f"orders:{point}:{count}"}
        doomed = start.script("orders", PUBLISHER, RABBITMQ_URL=rabbitmq_url, **fault)
        tell(doomed, *[("7", number) for number in range(5)])
        assert doomed.wait() == -9

        again = start.script("orders", PUBLISHER, RABBITMQ_URL=rabbitmq_url)

        eventually(lambda: waiting(again) == 0)
        got = [content["data"]["number"] for _, _, content in queues.drain("all")]
        assert set(got) == set(range(5))
        assert len(got) == (5 if point == "relay_before_publish" else 6)

    def test_flushes_before_it_stops(self, orders, queues):
        """What the last request recorded leaves before the process does."""
        queues.bind("all", "#")
        tell(orders, *[("7", number) for number in range(50)])
        orders.stop()

        assert queues.depth("all") == 50


class TestInbox:
    def test_handles_every_event(self, orders, notifications):
        tell(orders, *[("7", number) for number in range(20)])
        eventually(lambda: len(sent(notifications)) == 20)

        assert sent(notifications) == [("7", number) for number in range(20)]

    def test_handles_a_duplicate_once(self, notifications, queues):
        """At least once on the wire, exactly once in the effect."""
        message = {"id": str(uuid.uuid4()), "type": "X", "data": {"key": "7", "number": 1}}
        for _ in range(5):
            queues.publish("notifications.orders", json.dumps(message).encode())
        last = {**message, "id": str(uuid.uuid4()), "data": {"key": "8", "number": 1}}
        queues.publish("notifications.orders", json.dumps(last).encode())
        eventually(lambda: ("8", 1) in sent(notifications))

        assert sent(notifications) == [("7", 1), ("8", 1)]
        metrics = notifications.get("/metrics").text
        assert 'outcome="duplicate",queue="notifications.orders"} 4.0' in metrics

    @pytest.mark.parametrize("point", ["consumer_before_commit", "consumer_before_ack"])
    def test_a_kill_neither_loses_nor_doubles(self, start, rabbitmq_url, queues, orders, point):
        fault = {"FAULT": f"notifications:{point}:3"}
        doomed = start.script("notifications", CONSUMER, RABBITMQ_URL=rabbitmq_url, **fault)
        eventually(lambda: exists(queues, "notifications.orders"))
        tell(orders, *[("7", number) for number in range(10)])
        assert doomed.wait() == -9

        again = start.script("notifications", CONSUMER, RABBITMQ_URL=rabbitmq_url)

        eventually(lambda: len(sent(again)) >= 10)
        assert sent(again) == [("7", number) for number in range(10)]

    def test_poison_ends_in_the_dead_letters(self, orders, notifications, queues):
        """Five deliveries more and it is set aside; those behind it are handled."""
        tell(orders, {"key": "7", "number": 1, "poison": True}, ("8", 1))
        eventually(lambda: ("8", 1) in sent(notifications))
        eventually(lambda: queues.depth("notifications.orders.dead") == 1)
        ((properties, _, content),) = queues.drain("notifications.orders.dead")

        assert content["data"]["poison"]
        assert properties.headers["x-death"][0]["reason"] == "delivery_limit"
        logged = notifications.of_kind("log", level="ERROR", queue="notifications.orders")
        assert [line["deliveries"] for line in logged] == [1, 2, 3, 4, 5, 6]

    @pytest.mark.parametrize("body", [b"{", b"[]", b'{"id": 1}', b"\xff", b'"text"'])
    def test_what_cannot_be_read_is_set_aside_at_once(self, notifications, queues, body):
        queues.publish("notifications.orders", body)
        eventually(lambda: queues.depth("notifications.orders.dead") == 1)

        assert len(notifications.of_kind("log", level="ERROR")) == 1

    def test_a_bad_moment_is_not_poison(self, orders, notifications, queues):
        tell(orders, {"key": "7", "number": 1, "fails": "once"})
        eventually(lambda: sent(notifications) == [("7", 1)])

        assert queues.depth("notifications.orders.dead") == 0

    def test_waits_for_a_dependency(self, start, orders, notifications, queues):
        """However long it is away: that is not the message's fault. Those behind wait in order."""
        tell(orders, {"key": "7", "number": 1, "needs": "open"}, ("7", 2))
        eventually(lambda: len(notifications.of_kind("log", message="Un message attend.")) > 8)
        assert sent(notifications) == []

        (start.folder / "open").touch()

        eventually(lambda: sent(notifications) == [("7", 1), ("7", 2)])
        assert queues.depth("notifications.orders.dead") == 0

    def test_two_consumers_share_the_work(self, start, rabbitmq_url, orders, notifications):
        """Each event is handled by one of the instances, whichever."""
        url = f"sqlite:///{start.folder}/notifications.db"
        start.script(
            "notifications", CONSUMER, instance="notifications-2",
            DATABASE_URL=url, RABBITMQ_URL=rabbitmq_url,
        )  # fmt: skip
        tell(orders, *[("7", number) for number in range(100)])
        eventually(lambda: len(sent(notifications)) >= 100)

        assert Counter(sent(notifications)) == Counter(("7", number) for number in range(100))


class TestTrace:
    def test_goes_through_the_broker(self, orders, notifications):
        """The consumer's span is a child of the producer's, that of the request's: one tree."""
        response = tell(orders, ("7", 1), headers={"X-Correlation-ID": "story-7"})
        server = orders.wait_for("span", span_kind="server", correlation_id="story-7")
        producer = orders.wait_for("span", span_kind="producer", correlation_id="story-7")
        consumer = notifications.wait_for("span", span_kind="consumer", correlation_id="story-7")

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
        assert worker.of_kind("text")[-1]["text"] == "reçu bonjour\n"


class TestBrokerLost:
    def test_everything_arrives_after_a_kill(self, broker, orders, notifications):
        """kill -9 of the broker in mid-stream: all is there once it is back, each thing once."""
        numbers = iter(range(10_000))
        stop = threading.Event()
        recorded = []

        def load():
            while not stop.is_set():
                number = next(numbers)
                if tell(orders, ("7", number)).status_code == 200:
                    recorded.append(("7", number))

        declared_at = time.monotonic()
        loader = threading.Thread(target=load)
        loader.start()
        # Ra writes a new queue's name to disk within 3 s (dets): a kill before that orphans it.
        eventually(lambda: time.monotonic() - declared_at > 4)
        eventually(lambda: len(sent(notifications)) > 20)
        broker.kill()
        reached = len(recorded)
        eventually(lambda: len(recorded) > reached + 20)
        assert orders.get("/health/live").status_code == 200
        broker.restart()
        stop.set()
        loader.join()

        eventually(lambda: len(sent(notifications)) >= len(recorded), seconds=60)
        assert sent(notifications) == recorded
