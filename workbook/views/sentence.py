"""The map in words, for whoever cannot see it and for nbval, which compares it: no figure, no time.

Everything is sorted by name; what is said depends only on who is there, how it is, and who talks
to whom.
"""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx

from workbook.views.ranks import BROKER_EDGES, BROKER_KINDS
from workbook.views.theme import HEALTH_WORDS
from workbook.views.words import NBSP


def describe(graph: nx.DiGraph) -> str:
    """French sentences listing nodes with their health, calls, messages and open breakers."""
    names = {n: name_of(graph, n) for n in graph}
    kinds = {n: d.get("kind", "service") for n, d in graph.nodes(data=True)}
    services = [
        f"{names[n]} ({HEALTH_WORDS.get(d.get('health') or 'idle', 'au repos')})"
        for n, d in graph.nodes(data=True)
        if kinds[n] not in {"client", "database", *BROKER_KINDS}
    ]
    calls = _arrows(graph, names, lambda kind: kind not in BROKER_EDGES)
    messages = _arrows(graph, names, lambda kind: kind in BROKER_EDGES)
    opened = [
        f"{names[u]} → {names[v]}"
        for u, v, breaker in graph.edges(data="breaker")
        if breaker == "open"
    ]
    queues = [names[n] for n in graph if kinds[n] == "queue"]
    parts = [
        _part("Services", services, empty="aucun"),
        _part("Appels", calls, empty="aucun"),
        _part("Files", queues),
        _part("Messages", messages),
        _part("Disjoncteurs ouverts", opened),
    ]
    return "Carte. " + " ".join(part for part in parts if part)


def name_of(graph: nx.DiGraph, node: object) -> str:
    """What a learner types to name this node."""
    attributes = graph.nodes[node]
    return attributes.get("name") or attributes.get("label") or str(node).removesuffix(":")


def _part(title: str, items: Iterable[str], empty: str = "") -> str:
    said = ", ".join(sorted(items)) or empty
    return f"{title}{NBSP}: {said}." if said else ""


def _arrows(graph: nx.DiGraph, names: dict, wanted) -> list[str]:
    return [f"{names[u]} → {names[v]}" for u, v, kind in graph.edges(data="kind") if wanted(kind)]
