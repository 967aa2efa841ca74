"""The states of an incident over time: graphs of one shape, from a tape, at chosen moments.

The same function that draws the live map (`telemetry.graph.observed_graph`) is given what had been
heard until each moment, by a telemetry whose clock says that moment.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

import networkx as nx

from workbook.incident.tape import ACT, RECORD, STATES, Entry, States, Tape
from workbook.processes.endings import ending
from workbook.telemetry.graph import ServiceState, observed_graph
from workbook.telemetry.spans import EXITED

FINEST, CLOSEST, MOST_FRAMES = 0.5, 0.05, 300
# What changes from one moment to the next, and the value of what is not there yet.
NODE = {
    "health": "idle",
    "reason": None,
    "rate": 0.0,
    "error_rate": 0.0,
    "p95": None,
    "instances": 0,
    "depth": 0,
    "consumers": 0,
}
EDGE = {"rate": 0.0, "error_rate": 0.0, "p95": None, "breaker": None}
GRAPH = {"time": 0.0, "total_rate": 0.0, "total_error_rate": 0.0, "queued": 0}
_DIGITS = {"rate": 2, "error_rate": 3, "p95": 4, "time": 1, "total_rate": 2, "total_error_rate": 3}


def step_of(seconds: float) -> float:
    """Seconds between two frames: half a second, more when there would be over 300 of them."""
    return max(FINEST, math.ceil(seconds / MOST_FRAMES / FINEST) * FINEST)


def moments_of(tape: Tape, seconds: float) -> list[float]:
    """The times of the frames: evenly, and when something was done, died, spoke of a breaker.

    What falls within `CLOSEST` of another has one frame, after the last.
    """
    step = step_of(seconds)
    even = [i * step for i in range(int(-(-seconds // step)) + 1)]
    told = [_after_ms(entry.time - tape.began) for entry in tape.entries if _marks(entry)]
    found = sorted({*even, *(at for at in told[:MOST_FRAMES] if 0 < at < even[-1])})
    return [at for at, after in pairwise([*found, math.inf]) if after - at >= CLOSEST]


def _marks(entry: Entry) -> bool:
    return entry.kind == ACT or (entry.kind == RECORD and entry.content["kind"] == "event")


def _after_ms(at: float) -> float:
    return math.ceil(at * 1000) / 1000


def graphs_of(tape: Tape, moments: Sequence[float], title: str) -> list[nx.DiGraph]:
    """The graph at each of `moments` (seconds since the tape began, ascending)."""
    now = tape.began
    telemetry = tape.before.fork(lambda: now)
    entries, states, graphs = iter(tape.entries), States([], None), []
    entry = next(entries, None)
    for moment in moments:
        now = tape.began + moment
        while entry and (entry.time <= now or (entry.kind == STATES and not states.services)):
            if entry.kind == RECORD:
                telemetry.add(entry.content)
                states = _after(states, entry.content)
            elif entry.kind == STATES:
                states = entry.content
            entry = next(entries, None)
        graph = observed_graph(*states, telemetry, title)
        graph.graph["time"] = now
        graphs.append(graph)
    return aligned(graphs)


def _after(states: States, record: dict) -> States:
    """The states once a process has said that it listens, or has ended, before anybody looks."""
    event = record.get("event")
    if record["kind"] != "event" or event not in ("listening", EXITED):
        return states
    return states._replace(services=[_heard(s, record) for s in states.services])


def _heard(state: ServiceState, record: dict) -> ServiceState:
    if state.name != record["service"]:
        return state
    if record["event"] == EXITED:
        left, listening = max(0, state.instances - 1), max(0, state.listening - 1)
        words = ending(record.get("code"))
        return replace(state, instances=left, listening=listening, failure=words)
    listening = state.listening + 1
    return replace(state, instances=max(state.instances, listening), listening=listening)


def aligned(graphs: Sequence[nx.DiGraph]) -> list[nx.DiGraph]:
    """The same graphs with the same nodes and edges, so that none moves when another appears."""
    whole = nx.DiGraph()
    for graph in graphs:
        whole.add_nodes_from((n, _less(d, NODE)) for n, d in graph.nodes(data=True))
        whole.add_edges_from((u, v, _less(d, EDGE)) for u, v, d in graph.edges(data=True))
        whole.graph.update(_less(graph.graph, GRAPH))
    return [_like(whole, graph) for graph in graphs]


def _like(whole: nx.DiGraph, graph: nx.DiGraph) -> nx.DiGraph:
    made = nx.DiGraph(**whole.graph, **_only(graph.graph, GRAPH))
    for node, fixed in whole.nodes(data=True):
        made.add_node(node, **fixed, **_only(graph.nodes[node] if node in graph else {}, NODE))
    for u, v, fixed in whole.edges(data=True):
        seen = graph.edges[u, v] if graph.has_edge(u, v) else {}
        made.add_edge(u, v, **fixed, **_only(seen, EDGE))
    return made


def _less(attributes: dict, changing: Iterable[str]) -> dict:
    return {name: value for name, value in attributes.items() if name not in changing}


def _only(attributes: dict, changing: dict) -> dict:
    return {name: _rounded(name, attributes.get(name, value)) for name, value in changing.items()}


def _rounded(name: str, value: object) -> object:
    return round(value, _DIGITS[name]) if name in _DIGITS and value is not None else value


def packed(graphs: Sequence[nx.DiGraph]) -> dict:
    """The graphs as JSON: what never changes once, then for each the changes since the last."""
    first = graphs[0]
    nodes = [[n, _less(d, NODE)] for n, d in first.nodes(data=True)]
    places = {name: i for i, (name, _) in enumerate(nodes)}
    edges = [[places[u], places[v], _less(d, EDGE)] for u, v, d in first.edges(data=True)]
    frames, before = [], {}
    for graph in graphs:
        now = _values(graph)
        frames.append([[*k, v] for k, v in now.items() if before.get(k, _ABSENT) != v])
        before = now
    return {"graph": _less(first.graph, GRAPH), "nodes": nodes, "edges": edges, "frames": frames}


_ABSENT = object()


def _values(graph: nx.DiGraph) -> dict[tuple[int, str], object]:
    """Every changing value by the place of its element: the graph, then nodes, then edges."""
    elements = [
        _only(graph.graph, GRAPH),
        *(_only(d, NODE) for _, d in graph.nodes(data=True)),
        *(_only(d, EDGE) for _, _, d in graph.edges(data=True)),
    ]
    return {(i, name): v for i, element in enumerate(elements) for name, v in element.items()}


def unpacked(content: dict) -> list[nx.DiGraph]:
    """The graphs of what `packed` made."""
    graphs, now = [], {}
    for changes in content["frames"]:
        now.update(((place, name), value) for place, name, value in changes)
        graphs.append(_rebuilt(content, now))
    return graphs


def _rebuilt(content: dict, values: dict[tuple[int, str], object]) -> nx.DiGraph:
    names = [name for name, _ in content["nodes"]]

    def at(place: int, names: Iterable[str]) -> dict:
        return {name: values[place, name] for name in names}

    graph = nx.DiGraph(**content["graph"], **at(0, GRAPH))
    for place, (name, fixed) in enumerate(content["nodes"], 1):
        graph.add_node(name, **fixed, **at(place, NODE))
    for place, (u, v, fixed) in enumerate(content["edges"], 1 + len(names)):
        graph.add_edge(names[u], names[v], **fixed, **at(place, EDGE))
    return graph
