"""The module's diagrams: each edge accounted for, those called observed seen in a real run."""

import pytest
import zoo

from workbook.checks.registry import chapters
from workbook.diagrams import Diagram, arrows, corrected, diagrams_of, inside, observed, unaccounted
from workbook.shop import Shop
from workbook.waiting import until

SECONDS = 60
FLOW = """graph LR
    C[Client Mobile] --> AG[API Gateway]
    AG --> |Logs| MON[(Monitoring)]
    AG --> |Metrics| MON
    subgraph "Tout"
        AG --> X
    end
    style AG fill:#fff
"""
SEQUENCE = """sequenceDiagram
    participant OS as Order Service
    participant MQ
    OS->>MQ: ORDER_CREATED
    MQ-->>OS: reçu
"""
STATES = """stateDiagram-v2
    [*] --> Closed
    Closed --> Open : Failures > Threshold
    note right of Closed
        Requêtes normales
    end note
"""
WATCHED = [
    pytest.param(diagram, id=f"{key}:{diagram.section}")
    for key in chapters()
    for diagram in diagrams_of(key)
    if diagram.observed
]


def traffic(shop):
    """Whatever shows an edge."""


class TestArrows:
    def test_flow(self):
        assert arrows(FLOW) == [
            ("Client Mobile", "API Gateway", ""),
            ("API Gateway", "Monitoring", "Logs"),
            ("API Gateway", "Monitoring", "Metrics"),
            ("API Gateway", "X", ""),
        ]

    def test_sequence(self):
        assert arrows(SEQUENCE) == [
            ("Order Service", "MQ", "ORDER_CREATED"),
            ("MQ", "Order Service", "reçu"),
        ]

    def test_states(self):
        assert arrows(STATES) == [
            ("[*]", "Closed", ""),
            ("Closed", "Open", "Failures > Threshold"),
        ]


class TestUnaccounted:
    EDGES = (
        observed("Client Mobile", "API Gateway", "client", "gateway"),
        inside("API Gateway", "Monitoring", label="Logs", why="un flux"),
        corrected("API Gateway", "Monitoring", label="Metrics", why="le sens est inverse"),
        inside("API Gateway", "X", why="…"),
    )

    def told(self, *edges):
        found = unaccounted([FLOW], [Diagram("API Gateway", edges, traffic)])
        return [zoo.with_spaces(text) for text in found]

    def test_all(self):
        assert self.told(*self.EDGES) == []

    def test_drawn_and_not_listed(self):
        """Of two parallel arrows, one listed does not account for the other."""
        assert self.told(*self.EDGES[:2], self.EDGES[3]) == [
            "la flèche « API Gateway → Monitoring » (Metrics) n’est pas dans DIAGRAMS"
        ]

    def test_listed_and_not_drawn(self):
        backwards = observed("API Gateway", "Client Mobile", "gateway", "client")

        assert self.told(*self.EDGES, backwards) == [
            "DIAGRAMS compte une flèche « API Gateway → Client Mobile » qui n’est pas dessinée"
        ]

    def test_observed_by_no_traffic(self):
        with pytest.raises(ValueError, match="which traffic"):
            Diagram("API Gateway", self.EDGES)


@pytest.mark.needs("rabbitmq")
@pytest.mark.parametrize("diagram", WATCHED)
def test_seen_in_a_run(diagram, monkeypatch):
    """The arrows that the course calls observed, in the graph of a real shop after real calls."""
    for name, value in diagram.environment:
        monkeypatch.setenv(name, value)
    shop = Shop.start(*diagram.services)
    try:
        diagram.traffic(shop)
        wanted = {edge.seen: edge for edge in diagram.observed}
        unseen = set(wanted)

        def all_seen():
            graph = shop.graph()
            unseen.difference_update([e for e in unseen if wanted[e].is_in(graph)])
            return not unseen

        until(all_seen, SECONDS)
        assert unseen == set()
    finally:
        shop.stop()
