"""Which row each node belongs to: depth of the call chain, then the broker, then its consumers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

BROKER_KINDS = frozenset({"exchange", "queue"})
BROKER_EDGES = frozenset({"publish", "binding", "consume", "dead_letter"})
GAP = 24


@dataclass(frozen=True)
class Rows:
    """Nodes from top to bottom, and those that ride along with another one of their row.

    `left` and `right` give the companion drawn just beside a node (a client, a dead-letter queue).
    """

    rows: list[list]
    left: dict
    right: dict

    @property
    def hosts(self) -> dict:
        """Whom each companion rides along with."""
        return {c: host for side in (self.left, self.right) for host, c in side.items()}


def rank(graph: nx.DiGraph, sizes: Mapping, widest: float) -> Rows:
    """Rows no wider than `widest` pixels wherever a row can be cut."""
    clients = _of_kind(graph, "client")
    broker = [n for n in graph if _kind(graph, n) in BROKER_KINDS]
    below = [n for n in graph if _reacts_only(graph, n)]
    above = [n for n in graph if n not in {*clients, *broker, *below}]
    calls = acyclic_calls(graph, above)
    tiers = _tiers(graph, calls)
    left = _seat_clients(graph, clients, tiers)
    broker_tiers, right = _broker_tiers(graph, sizes, widest)
    tiers = [*tiers, *broker_tiers, below]
    rows = []
    for tier in tiers:
        rows += _cut(tier, sizes, widest, calls)
    return Rows([row for row in rows if row], left, right)


def acyclic_calls(graph: nx.DiGraph, nodes: list) -> nx.DiGraph:
    """The calls between these nodes without the late edge of each cycle, drawn upwards."""
    calls = nx.DiGraph()
    calls.add_nodes_from(nodes)
    for caller, callee, kind in graph.edges(data="kind"):
        if kind in BROKER_EDGES or caller not in calls or callee not in calls:
            continue
        if caller != callee and not nx.has_path(calls, callee, caller):
            calls.add_edge(caller, callee)
    return calls


def _kind(graph: nx.DiGraph, node) -> str:
    return graph.nodes[node].get("kind", "service")


def _of_kind(graph: nx.DiGraph, kind: str) -> list:
    return [n for n in graph if _kind(graph, n) == kind]


def _reacts_only(graph: nx.DiGraph, node) -> bool:
    """A consumer that calls nobody and that only the outside world calls."""
    if _kind(graph, node) != "service":
        return False
    consumes = any(d.get("kind") == "consume" for _, _, d in graph.in_edges(node, data=True))
    calls = any(d.get("kind") not in BROKER_EDGES for _, _, d in graph.out_edges(node, data=True))
    callers = {
        _kind(graph, caller)
        for caller, _, d in graph.in_edges(node, data=True)
        if d.get("kind") not in BROKER_EDGES
    }
    return consumes and not calls and callers <= {"client", "gateway"}


def _tiers(graph: nx.DiGraph, calls: nx.DiGraph) -> list[list]:
    """Callers above callees; who calls nobody and is called by nobody, one step under the top."""
    depth = {n: i for i, tier in enumerate(nx.topological_generations(calls)) for n in tier}
    deepest = max(depth.values(), default=0)
    second = 1 if any(_kind(graph, n) == "gateway" for n in calls) else 0
    for node in nx.isolates(calls):
        if _kind(graph, node) != "gateway" and not _called_by_client(graph, node):
            publishes = graph.out_degree(node) > 0
            depth[node] = max(second, deepest) if publishes else second
    tiers: list[list] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in calls:
        tiers[depth[node]].append(node)
    return tiers


def _called_by_client(graph: nx.DiGraph, node) -> bool:
    return any(_kind(graph, caller) == "client" for caller in graph.predecessors(node))


def _seat_clients(graph: nx.DiGraph, clients: list, tiers: list[list]) -> dict:
    """Put each client left of the one service of the top row it calls, or in a row above."""
    left: dict = {}
    top: list = []
    for client in clients:
        host = _host(graph, client, tiers)
        if host is None or host in left:
            top.append(client)
        else:
            left[host] = client
    if top:
        tiers.insert(0, top)
    return left


def _host(graph: nx.DiGraph, client, tiers: list[list]):
    for tier in tiers:
        called = [n for n in tier if graph.has_edge(client, n)]
        if called:
            return called[0] if len(called) == 1 else None
    gateways = [n for n in (tiers[0] if tiers else []) if _kind(graph, n) == "gateway"]
    return gateways[0] if gateways and not graph.out_degree(client) else None


def _broker_tiers(graph: nx.DiGraph, sizes: Mapping, widest: float) -> tuple[list[list], dict]:
    exchanges, queues = _of_kind(graph, "exchange"), _of_kind(graph, "queue")
    dead = [q for q in queues if graph.nodes[q].get("dead_letter")]
    live = [q for q in queues if q not in dead]
    exchanges.sort(key=lambda e: is_dead_exchange(graph, e))
    if _width([*live, *dead], sizes) > widest:
        return [exchanges, live, dead], {}
    right = {}
    for queue in dead:
        sources = [n for n in graph.predecessors(queue) if n in live and n not in right]
        if sources and graph.in_degree(queue) == 1:
            right[sources[0]] = queue
    beside = set(right.values())
    return [exchanges, [*live, *(q for q in dead if q not in beside)]], right


def is_dead_exchange(graph: nx.DiGraph, exchange) -> bool:
    """An exchange that receives what its queues could not deliver."""
    return any(d.get("kind") == "dead_letter" for _, _, d in graph.in_edges(exchange, data=True))


def _width(nodes: list, sizes: Mapping) -> float:
    return sum(sizes[n][0] for n in nodes) + GAP * (len(nodes) - 1)


def _cut(tier: list, sizes: Mapping, widest: float, calls: nx.DiGraph) -> list[list]:
    """The tier on as many rows of about the same width as it needs; who calls others stays high."""
    total = _width(tier, sizes)
    if total <= widest:
        return [tier]
    tier = sorted(tier, key=lambda n: n not in calls or not calls.out_degree(n))
    share = total / -(-total // widest)
    rows, used = [[]], 0.0
    for node in tier:
        width = sizes[node][0] + GAP
        if rows[-1] and used + width * 0.5 > share:
            rows.append([])
            used = 0.0
        rows[-1].append(node)
        used += width
    return rows
