"""The outbox and its relay: nothing lost, nothing invented, nothing out of order."""

from contextlib import suppress

import pytest
import requests
from basics import eventually
from eventing import PUBLISHER, record, waiting

pytestmark = pytest.mark.needs("rabbitmq")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, start):
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    return f"sqlite:///{start.folder}/orders.db"


class TestOutbox:
    def test_publishes_what_was_committed(self, publisher, queues):
        """Persistent, with its id, its type and its time, by the key it was recorded under."""
        queues.bind("all", "#")
        (event_id,) = record(publisher, ("7", 1)).json()
        eventually(lambda: queues.depth("all") == 1)
        ((properties, method, content),) = queues.drain("all")

        assert method.routing_key == "order.created"
        assert properties.delivery_mode == 2
        assert properties.content_type == "application/json"
        assert properties.message_id == content["id"] == event_id
        assert content["type"] == "ORDER_CREATED"
        assert content["data"] == {"key": "7", "number": 1}
        assert content["occurred_at"].endswith("+00:00")

    def test_does_not_publish_what_was_rolled_back(self, publisher, queues):
        queues.bind("all", "#")
        assert record(publisher, ("7", 1), params={"fail": 1}).status_code == 500
        record(publisher, ("8", 1))
        eventually(lambda: queues.depth("all") == 1)

        assert [content["data"]["key"] for _, _, content in queues.drain("all")] == ["8"]

    def test_keeps_the_order(self, publisher, queues):
        queues.bind("all", "#")
        record(publisher, *[(str(number % 3), number) for number in range(60)])
        eventually(lambda: queues.depth("all") == 60)

        numbers = [content["data"]["number"] for _, _, content in queues.drain("all")]
        assert numbers == list(range(60))

    def test_waits_for_somebody_to_listen(self, publisher, queues):
        """An event nobody could get is not lost, and holds back its own key only."""
        queues.bind("confirmed", "order.confirmed")
        record(publisher, ("7", 1))
        record(publisher, ("7", 2), ("8", 3), routing_key="order.confirmed")
        eventually(lambda: queues.depth("confirmed") == 1)
        assert queues.drain("confirmed")[0][2]["data"]["key"] == "8"
        eventually(lambda: waiting(publisher) == 2)

        queues.bind("created", "order.created")

        eventually(lambda: queues.depth("confirmed") == 1)
        assert queues.drain("created")[0][2]["data"] == {"key": "7", "number": 1}
        eventually(lambda: waiting(publisher) == 0)

    def test_two_relays_publish_in_order(self, start, rabbitmq_url, queues, url):
        """Two instances on one database: each event once, and in order within its key."""
        queues.bind("all", "#")
        pair = [
            start.script(
                "orders", PUBLISHER, instance=name, DATABASE_URL=url, RABBITMQ_URL=rabbitmq_url
            )
            for name in ("orders-1", "orders-2")
        ]
        for number in range(40):
            record(pair[number % 2], ("7", number))
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
        record(first, ("7", 1))
        eventually(lambda: queues.depth("all") == 1 and waiting(first) == 0)
        first.kill()

        record(second, ("7", 2))

        eventually(lambda: queues.depth("all") == 2)

    @pytest.mark.parametrize("point", ["relay_before_publish", "relay_after_publish"])
    @pytest.mark.parametrize("count", [1, 3, 5])
    def test_survives_a_kill_at(self, start, rabbitmq_url, queues, point, count):
        """Killed between the two writes: published again perhaps, lost never."""
        queues.bind("all", "#")
        fault = {"FAULT": f"orders:{point}:{count}"}
        doomed = start.script("orders", PUBLISHER, RABBITMQ_URL=rabbitmq_url, **fault)
        with suppress(requests.ConnectionError):  # the relay may be quicker than the answer
            record(doomed, *[("7", number) for number in range(5)])
        assert doomed.wait() == -9

        again = start.script("orders", PUBLISHER, RABBITMQ_URL=rabbitmq_url)

        eventually(lambda: waiting(again) == 0)
        got = [content["data"]["number"] for _, _, content in queues.drain("all")]
        assert set(got) == set(range(5))
        assert len(got) == (5 if point == "relay_before_publish" else 6)

    def test_flushes_before_it_stops(self, publisher, queues):
        """What the last request recorded leaves before the process does."""
        queues.bind("all", "#")
        record(publisher, *[("7", number) for number in range(50)])
        publisher.stop()

        assert queues.depth("all") == 50
