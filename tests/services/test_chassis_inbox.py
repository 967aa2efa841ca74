"""Consumers: every event handled once, poison set aside, the rest waited for."""

import json
import uuid
from collections import Counter

import pytest
from basics import eventually
from eventing import CONSUMER, is_consumed, record, sent

pytestmark = pytest.mark.needs("rabbitmq")


class TestInbox:
    def test_handles_every_event(self, publisher, consumer):
        record(publisher, *[("7", number) for number in range(20)])
        eventually(lambda: len(sent(consumer)) == 20)

        assert sent(consumer) == [("7", number) for number in range(20)]

    def test_handles_a_duplicate_once(self, consumer, queues):
        """At least once on the wire, exactly once in the effect."""
        message = {
            "id": str(uuid.uuid4()),
            "type": "ORDER_CREATED",
            "data": {"key": "7", "number": 1},
        }
        for _ in range(5):
            queues.publish("notifications.orders", json.dumps(message).encode())
        last = {**message, "id": str(uuid.uuid4()), "data": {"key": "8", "number": 1}}
        queues.publish("notifications.orders", json.dumps(last).encode())
        eventually(lambda: ("8", 1) in sent(consumer))

        assert sent(consumer) == [("7", 1), ("8", 1)]
        metrics = consumer.get("/metrics").text
        assert 'outcome="duplicate",queue="notifications.orders"} 4.0' in metrics

    @pytest.mark.parametrize("point", ["consumer_before_commit", "consumer_before_ack"])
    def test_a_kill_neither_loses_nor_doubles(self, start, rabbitmq_url, queues, publisher, point):
        fault = {"FAULT": f"notifications:{point}:3"}
        doomed = start.script("notifications", CONSUMER, RABBITMQ_URL=rabbitmq_url, **fault)
        eventually(lambda: is_consumed(queues, "notifications.orders"))
        record(publisher, *[("7", number) for number in range(10)])
        assert doomed.wait() == -9

        again = start.script("notifications", CONSUMER, RABBITMQ_URL=rabbitmq_url)

        eventually(lambda: len(sent(again)) >= 10)
        assert sent(again) == [("7", number) for number in range(10)]

    def test_deaths_condemn_nobody(self, start, rabbitmq_url, queues, publisher):
        """Killed again and again, it sets aside neither what it handled nor what merely waited."""
        fault = {"RABBITMQ_URL": rabbitmq_url, "FAULT": "notifications:consumer_before_commit:1"}
        doomed = start.script("notifications", CONSUMER, **fault)
        eventually(lambda: is_consumed(queues, "notifications.orders"))
        record(publisher, *[("7", number) for number in range(12)])
        deaths = [doomed.wait()]
        while len(deaths) < 8:
            deaths.append(start.script("notifications", CONSUMER, wait=False, **fault).wait())

        again = start.script("notifications", CONSUMER, RABBITMQ_URL=rabbitmq_url)

        eventually(lambda: len(sent(again)) == 12)
        assert (deaths, queues.depth("notifications.orders.dead")) == ([-9] * 8, 0)

    def test_a_bad_moment_keeps_the_order(self, publisher, consumer, queues):
        """What fails is tried again before what comes after it: the order stays."""
        record(publisher, {"key": "7", "number": 1, "fails": "once"}, ("7", 2), ("7", 3))
        eventually(lambda: len(sent(consumer)) == 3)

        assert sent(consumer) == [("7", 1), ("7", 2), ("7", 3)]

    def test_poison_ends_in_the_dead_letters(self, publisher, consumer, queues):
        """Tried five times more and it is set aside; those behind it are handled."""
        record(publisher, {"key": "7", "number": 1, "poison": True}, ("8", 1))
        eventually(lambda: ("8", 1) in sent(consumer))
        eventually(lambda: queues.depth("notifications.orders.dead") == 1)
        ((properties, _, content),) = queues.drain("notifications.orders.dead")

        assert content["data"]["poison"]
        assert properties.headers["x-death"][0]["reason"] == "rejected"
        consumer.wait_for("log", level="ERROR", queue="notifications.orders", failures=6)
        logged = consumer.of_kind("log", level="ERROR", queue="notifications.orders")
        assert [line["failures"] for line in logged] == [1, 2, 3, 4, 5, 6]

    @pytest.mark.parametrize("body", [b"{", b"[]", b'{"id": 1}', b"\xff", b'"text"'])
    def test_what_cannot_be_read_is_set_aside_at_once(self, consumer, queues, body):
        queues.publish("notifications.orders", body)
        eventually(lambda: queues.depth("notifications.orders.dead") == 1)

        consumer.wait_for("log", level="ERROR")
        consumer.stop()
        assert len(consumer.of_kind("log", level="ERROR")) == 1

    def test_a_bad_moment_is_not_poison(self, publisher, consumer, queues):
        record(publisher, {"key": "7", "number": 1, "fails": "once"})
        eventually(lambda: sent(consumer) == [("7", 1)])

        assert queues.depth("notifications.orders.dead") == 0

    def test_waits_for_a_dependency(self, start, publisher, consumer, queues):
        """However long it is away: that is not the message's fault. Those behind wait in order."""
        record(publisher, {"key": "7", "number": 1, "needs": "open"}, ("7", 2))
        eventually(lambda: len(consumer.of_kind("log", message="Un message attend.")) > 8)
        assert sent(consumer) == []

        (start.folder / "open").touch()

        eventually(lambda: sent(consumer) == [("7", 1), ("7", 2)])
        assert queues.depth("notifications.orders.dead") == 0

    @pytest.mark.parametrize("database", ["sqlite", "postgresql"])
    def test_two_consumers_share_the_work(
        self, start, rabbitmq_url, queues, publisher, database, request
    ):
        """Each event is handled by one of the instances, whichever; both on one database."""
        url = f"sqlite:///{start.folder}/notifications.db"
        if database == "postgresql":
            url = request.getfixturevalue("postgresql_url")
        options = {"DATABASE_URL": url, "RABBITMQ_URL": rabbitmq_url}
        consumer = start.script("notifications", CONSUMER, **options)
        start.script("notifications", CONSUMER, instance="notifications-2", **options)
        eventually(lambda: is_consumed(queues, "notifications.orders"))
        record(publisher, *[("7", number) for number in range(100)])
        eventually(lambda: len(sent(consumer)) >= 100)

        assert Counter(sent(consumer)) == Counter(("7", number) for number in range(100))
