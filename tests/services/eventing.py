"""Two services that talk through RabbitMQ, for the tests of events, and what a test does there."""

import json

import pika
from basics import eventually

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
    events = Events(database)


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
    events = Events(database)


    @app.get("/sent")
    def sent():
        with database.reading() as session:
            return [[row.key, row.number] for row in session.query(Sent).order_by(Sent.id)]


    def send(session, event):
        if event.data.get("poison"):
            raise ValueError("poison")
        if event.data.get("needs") and not Path(event.data["needs"]).exists():
            raise Unavailable("post", "La poste est fermée.")
        if event.data.get("fails") and not Path(event.data["fails"]).exists():
            Path(event.data["fails"]).touch()
            raise ValueError("a bad moment")
        session.add(Sent(key=event.data["key"], number=event.data["number"]))


    events.consume({"order.created": send, "order.confirmed": send}, queue="orders")
"""


class Queues:
    """What the test itself does at the broker."""

    def __init__(self, url):
        self.connection = pika.BlockingConnection(pika.URLParameters(url))
        self.open_channel()

    def open_channel(self):
        self.channel = self.connection.channel()
        self.channel.confirm_delivery()

    def bind(self, queue, routing_key):
        self.channel.exchange_declare("shop.events", "topic", durable=True)
        self.channel.queue_declare(queue, durable=True)
        self.channel.queue_bind(queue, "shop.events", routing_key)

    def depth(self, queue):
        return self.channel.queue_declare(queue, passive=True).method.message_count

    def publish(self, queue, body):
        """Publish until the broker takes charge: a queue just declared may refuse at first."""
        eventually(lambda: self._confirmed(queue, body))

    def _confirmed(self, queue, body):
        try:
            self.channel.basic_publish("", queue, body)
        except pika.exceptions.NackError:
            return False
        return True

    def drain(self, queue):
        """Every message of the queue now: (properties, method, content)."""
        found = []
        while (message := self.channel.basic_get(queue, auto_ack=True))[0]:
            method, properties, body = message
            found.append((properties, method, json.loads(body)))
        return found


def is_consumed(queues, name):
    """Whether somebody consumes the queue: then it is bound, and misses nothing from now on."""
    try:
        return queues.channel.queue_declare(name, passive=True).method.consumer_count > 0
    except pika.exceptions.ChannelClosedByBroker:
        queues.open_channel()
        return False


def record(service, *events, routing_key="order.created", **options):
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
