"""A design drawn as the live map draws a shop: calls as lines, events through an exchange."""

from __future__ import annotations

import networkx as nx

from course.lab1.design import Design, as_written
from workbook.views import MapDrawing
from workbook.views.canvas.picture import Picture
from workbook.views.map.sentence import map_words

EXCHANGE = "exchange:evenements"


def graph_of(design: Design, title: str) -> nx.DiGraph:
    """The graph of a design, with the attributes of `Shop.graph`."""
    graph = nx.DiGraph(title=title)
    for name, service in design.items():
        graph.add_node(
            name,
            kind="service",
            name=name,
            label=service.label,
            health="idle",
            rate=0.0,
            error_rate=0.0,
            database=bool(service.base or service.data),
            instances=1,
        )
    for name, service in design.items():
        for other in service.calls:
            if other in design:
                graph.add_edge(name, other, kind="http", rate=0.0, error_rate=0.0)
    _add_events(graph, design)
    return graph


def _add_events(graph: nx.DiGraph, design: Design) -> None:
    if not any(service.publishes or service.listens for service in design.values()):
        return
    graph.add_node(
        EXCHANGE,
        kind="exchange",
        name="evenements",
        label="événements",
        exchange_type="topic",
        health="ok",
        rate=0.0,
    )
    for name, service in design.items():
        if service.publishes:
            _link(graph, name, EXCHANGE, "publish", _keys(design, service.publishes))
        if service.listens:
            queue = f"queue:{name}"
            graph.add_node(
                queue, kind="queue", name=name, label=name, depth=0, consumers=1, health="ok"
            )
            _link(graph, EXCHANGE, queue, "binding", _keys(design, service.listens))
            _link(graph, queue, name, "consume", [])


def _keys(design: Design, events: tuple[str, ...]) -> list[str]:
    """Routing keys, as they are drawn."""
    return sorted({as_written(design, event) for event in events})


def _link(graph: nx.DiGraph, source: str, target: str, kind: str, keys: list[str]) -> None:
    graph.add_edge(source, target, kind=kind, routing_key=keys, rate=0.0, error_rate=0.0)


def drawn(design: Design, title: str) -> Picture:
    """The picture, and its words."""
    graph = graph_of(design, title)
    return Picture(MapDrawing(graph).scene, map_words(graph))
