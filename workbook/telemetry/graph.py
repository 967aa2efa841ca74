"""The architecture as observed: a `networkx.DiGraph` of who runs, who calls whom, through what.

Nodes are processes and the broker's exchanges and queues; edges are calls and messages seen in the
telemetry, and the broker's bindings. Nothing here is a drawing of what should be.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import networkx as nx

from workbook.telemetry.spans import CLIENT, Red, Telemetry, routes_to, service_of, total

DEGRADED = 0.01


@dataclass(frozen=True)
class ServiceState:
    """What the shop knows of one service: its processes, not its traffic."""

    name: str
    label: str
    database: bool = False
    instances: int = 0
    listening: int = 0
    failure: str | None = None
    warning: str | None = None


@dataclass(frozen=True)
class BrokerState:
    """What the broker says of itself; `failure` is a French sentence when it says nothing."""

    exchanges: Iterable[Mapping] = ()
    queues: Iterable[Mapping] = ()
    bindings: Iterable[Mapping] = ()
    consumers: Iterable[Mapping] = ()
    depths: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    failure: str | None = None


def observed_graph(
    services: Iterable[ServiceState], broker: BrokerState | None, telemetry: Telemetry, title: str
) -> nx.DiGraph:
    """Return the graph of this moment.

    Node attributes: kind (client, gateway, service, exchange, queue), name, label, health
    (ok, warn, down, idle, starting), reason, rate (1/s), error_rate (0..1), p95 (s), database,
    instances; queues: depth, consumers, dead_letter; exchanges: exchange_type.
    Edge attributes: kind (http, publish, binding, consume, dead_letter), rate, error_rate, p95,
    breaker (closed, open, half_open or None), routing_key: the keys that are bound, or that were
    seen published, sorted.
    """
    graph = nx.DiGraph(title=title, time=time.time())
    seen = telemetry.observed()
    graph.add_node(CLIENT, kind="client", name=CLIENT, label="Clients", health="ok")
    for state in services:
        red = telemetry.red(seen["served"][state.name]) if state.name in seen["served"] else Red()
        graph.add_node(state.name, **_service_attributes(state, red))
    if broker is not None:
        _add_broker(graph, broker, telemetry, seen)
    _add_calls(graph, telemetry, seen)
    _add_messages(graph, broker, telemetry, seen)
    _summarize(graph)
    return graph


def _service_attributes(state: ServiceState, red: Red) -> dict:
    health, reason = _health(state, red)
    return {
        "kind": "gateway" if state.name == "gateway" else "service",
        "name": state.name,
        "label": state.label,
        "health": health,
        "reason": reason,
        "rate": red.rate,
        "error_rate": red.error_rate,
        "p95": red.p95,
        "database": state.database,
        "instances": state.instances,
    }


def _health(state: ServiceState, red: Red) -> tuple[str, str | None]:
    if state.failure and not state.instances:
        return "down", state.failure
    if not state.listening:
        return "starting", None
    if state.failure or state.warning:
        return "warn", state.failure or state.warning
    if red.error_rate >= DEGRADED:
        return "warn", None
    return ("ok" if red.rate else "idle"), None


def _add_broker(graph: nx.DiGraph, broker: BrokerState, telemetry: Telemetry, seen: dict) -> None:
    health = "down" if broker.failure else "ok"
    for exchange in broker.exchanges:
        if _is_plumbing(exchange["name"], broker, seen):
            continue
        graph.add_node(
            f"exchange:{exchange['name']}",
            kind="exchange",
            name=exchange["name"],
            label=exchange["name"],
            exchange_type=exchange["type"],
            health=health,
            reason=broker.failure,
            rate=total(_published(telemetry, seen, exchange["name"])).rate,
        )
    dead_letter_queues = set(_dead_letter_queues(broker))
    for queue in broker.queues:
        depth, consumers = broker.depths.get(queue["name"], (0, 0))
        graph.add_node(
            f"queue:{queue['name']}",
            kind="queue",
            name=queue["name"],
            label=queue["name"],
            depth=depth,
            consumers=consumers,
            dead_letter=queue["name"] in dead_letter_queues,
            health=health,
            reason=broker.failure,
        )
    _add_bindings(graph, broker, telemetry, seen)
    _add_dead_letters(graph, broker)


def _is_plumbing(exchange: str, broker: BrokerState, seen: dict) -> bool:
    """The broker's own exchanges, and those that only carry dead letters from queue to queue."""
    if not exchange or exchange.startswith("amq."):
        return True
    carries_dead = any(
        (queue.get("arguments") or {}).get("x-dead-letter-exchange") == exchange
        for queue in broker.queues
    )
    return carries_dead and all(name != exchange for _, name in seen["published"])


def _published(telemetry: Telemetry, seen: dict, exchange: str) -> list[Red]:
    return [
        telemetry.red(message.flow)
        for (_, name), message in seen["published"].items()
        if name == exchange
    ]


def _add_bindings(graph: nx.DiGraph, broker: BrokerState, telemetry: Telemetry, seen: dict) -> None:
    for binding in broker.bindings:
        source, target = f"exchange:{binding['source']}", f"queue:{binding['destination']}"
        if source not in graph or target not in graph:
            continue
        bound = graph.edges[source, target] if graph.has_edge(source, target) else {}
        keys = bound.get("routing_key", ())
        keys = sorted({*keys, binding["routing_key"]})
        routed = [
            telemetry.red(flow)
            for (_, exchange), message in seen["published"].items()
            if exchange == binding["source"]
            for key, flow in message.keys.items()
            if any(routes_to(pattern, key) for pattern in keys)
        ]
        graph.add_edge(
            source,
            target,
            kind="binding",
            routing_key=keys,
            rate=total(routed).rate,
            error_rate=0.0,
        )


def _dead_letter_queues(broker: BrokerState) -> Iterable[str]:
    for _, dead in _dead_letters(broker):
        yield dead


def _dead_letters(broker: BrokerState) -> Iterable[tuple[str, str]]:
    """Pairs (queue, its dead-letter queue), from the queues' own arguments and the bindings."""
    for queue in broker.queues:
        arguments = queue.get("arguments") or {}
        exchange = arguments.get("x-dead-letter-exchange")
        if exchange is None:
            continue
        key = arguments.get("x-dead-letter-routing-key")
        if exchange == "":
            yield queue["name"], key or queue["name"]
            continue
        targets = [b for b in broker.bindings if b["source"] == exchange]
        for binding in targets:
            if len(targets) == 1 or key is None or routes_to(binding["routing_key"], key):
                yield queue["name"], binding["destination"]


def _add_dead_letters(graph: nx.DiGraph, broker: BrokerState) -> None:
    for name, dead in _dead_letters(broker):
        source, target = f"queue:{name}", f"queue:{dead}"
        if source in graph and target in graph:
            graph.add_edge(source, target, kind="dead_letter", rate=0.0, error_rate=0.0)


def _add_calls(graph: nx.DiGraph, telemetry: Telemetry, seen: dict) -> None:
    for (source, target), flow in seen["calls"].items():
        if source in graph and target in graph:
            red = telemetry.red(flow)
            graph.add_edge(
                source,
                target,
                kind="http",
                rate=red.rate,
                error_rate=red.error_rate,
                p95=red.p95,
                breaker=telemetry.breaker(source, target),
            )


def _add_messages(
    graph: nx.DiGraph, broker: BrokerState | None, telemetry: Telemetry, seen: dict
) -> None:
    for (service, exchange), message in seen["published"].items():
        _add_message(graph, service, f"exchange:{exchange}", "publish", message, telemetry)
    for consumer in broker.consumers if broker else ():
        source, target = f"queue:{consumer['queue']}", service_of(consumer["instance"])
        if source in graph and target in graph:
            graph.add_edge(source, target, kind="consume", rate=0.0, error_rate=0.0)
    for (queue, service), message in seen["consumed"].items():
        _add_message(graph, f"queue:{queue}", service, "consume", message, telemetry)


def _add_message(
    graph: nx.DiGraph, source: str, target: str, kind: str, message: object, telemetry: Telemetry
) -> None:
    if source in graph and target in graph:
        red = telemetry.red(message.flow)
        graph.add_edge(
            source,
            target,
            kind=kind,
            routing_key=sorted(message.keys),
            rate=red.rate,
            error_rate=red.error_rate,
            p95=red.p95,
        )


def _summarize(graph: nx.DiGraph) -> None:
    entering = [
        Red(data["rate"], data["error_rate"])
        for source, _, data in graph.edges(data=True)
        if source == CLIENT
    ]
    summary = total(entering)
    graph.graph["total_rate"] = summary.rate
    graph.graph["total_error_rate"] = summary.error_rate
    graph.graph["queued"] = sum(
        data["depth"] for _, data in graph.nodes(data=True) if data["kind"] == "queue"
    )
