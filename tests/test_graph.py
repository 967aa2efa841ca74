"""The architecture, as observed."""

import pytest

from tests.test_telemetry import call, span
from workbook.telemetry.graph import BrokerState, ServiceState, observed_graph
from workbook.telemetry.spans import Telemetry

EXCHANGES = [
    {"name": "", "type": "direct"},
    {"name": "amq.topic", "type": "topic"},
    {"name": "shop.events", "type": "topic"},
    {"name": "shop.dead", "type": "topic"},
]
QUEUES = [
    {"name": "notifications.orders", "arguments": {"x-dead-letter-exchange": "shop.dead"}},
    {"name": "notifications.orders.dead", "arguments": {}},
]
BINDINGS = [
    {
        "source": "shop.events",
        "destination": "notifications.orders",
        "routing_key": "order.created",
    },
    {"source": "shop.events", "destination": "notifications.orders", "routing_key": "order.paid"},
    {"source": "shop.dead", "destination": "notifications.orders.dead", "routing_key": "#"},
]
BROKER = BrokerState(
    exchanges=EXCHANGES,
    queues=QUEUES,
    bindings=BINDINGS,
    consumers=[{"queue": "notifications.orders", "instance": "notifications-1"}],
    depths={"notifications.orders": (3, 1), "notifications.orders.dead": (2, 0)},
)
MAIN, DEAD = "queue:notifications.orders", "queue:notifications.orders.dead"


@pytest.fixture
def telemetry():
    return Telemetry(clock=lambda: 105.0)


def service(name, **state):
    return ServiceState(name, name.title(), **{"instances": 1, "listening": 1, **state})


def graph_of(telemetry, *services, broker=None):
    return observed_graph(services, broker, telemetry, "La boutique")


class TestHealth:
    def test_dead_service_stays(self, telemetry):
        """A killed service is red with its cause, not gone."""
        dead = service("orders", instances=0, listening=0, failure="arrêté net (kill -9)")

        node = graph_of(telemetry, dead).nodes["orders"]

        assert (node["health"], node["reason"]) == ("down", "arrêté net (kill -9)")

    def test_one_dead_of_two_is_a_warning(self, telemetry):
        """The service still answers."""
        lame = service("orders", instances=1, listening=1, failure="arrêté net (kill -9)")

        assert graph_of(telemetry, lame).nodes["orders"]["health"] == "warn"

    def test_errors_degrade(self, telemetry):
        """A service that runs and fails is not well."""
        telemetry.add(span("orders", "server", status="error"))

        assert graph_of(telemetry, service("orders")).nodes["orders"]["health"] == "warn"

    def test_no_traffic_is_idle(self, telemetry):
        """Nothing asked, nothing failed."""
        assert graph_of(telemetry, service("orders")).nodes["orders"]["health"] == "idle"


class TestEdges:
    def test_only_observed_calls(self, telemetry):
        """Two services running side by side are not linked until one calls the other."""
        services = service("gateway"), service("orders")
        assert not graph_of(telemetry, *services).edges

        telemetry.add(call("gateway", "orders"))

        assert list(graph_of(telemetry, *services).edges) == [("gateway", "orders")]

    def test_through_the_broker(self, telemetry):
        """Publisher → exchange → queue → consumer, each seen by a different witness."""
        key = {"messaging.rabbitmq.destination.routing_key": "order.created"}
        telemetry.add(
            span("orders", "producer", **{"messaging.destination.name": "shop.events", **key})
        )

        graph = graph_of(telemetry, service("orders"), service("notifications"), broker=BROKER)

        kinds = {
            edge: data["kind"] for *edge, data in graph.edges(data=True) for edge in [tuple(edge)]
        }
        assert kinds == {
            ("orders", "exchange:shop.events"): "publish",
            ("exchange:shop.events", MAIN): "binding",
            (MAIN, "notifications"): "consume",
            (MAIN, DEAD): "dead_letter",
        }
        assert graph.edges["exchange:shop.events", MAIN]["rate"] > 0

    def test_keys_that_are_bound(self, telemetry):
        """The map shows each binding key, never a pattern that nobody bound."""
        graph = graph_of(telemetry, service("notifications"), broker=BROKER)

        bound = graph.edges["exchange:shop.events", MAIN]["routing_key"]
        assert bound == ["order.created", "order.paid"]

    def test_keys_that_were_published(self, telemetry):
        """The same for what a service publishes."""
        for key in ("order.paid", "order.created"):
            named = {"messaging.rabbitmq.destination.routing_key": key}
            exchange = {"messaging.destination.name": "shop.events"}
            telemetry.add(span("orders", "producer", **exchange, **named))

        graph = graph_of(telemetry, service("orders"), broker=BROKER)

        published = graph.edges["orders", "exchange:shop.events"]["routing_key"]
        assert published == ["order.created", "order.paid"]

    def test_dead_letter_exchange_is_plumbing(self, telemetry):
        """An exchange that only carries dead letters is drawn as an edge between queues."""
        graph = graph_of(telemetry, broker=BROKER)

        assert "exchange:shop.dead" not in graph
        assert graph.nodes[DEAD]["dead_letter"]
        assert graph.graph["queued"] == 5
