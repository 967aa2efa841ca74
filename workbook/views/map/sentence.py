"""The map in words, for whoever cannot see it and for nbval, which compares it: no figure, no time.

Everything is sorted by name; what is said depends only on who is there, how it is, and who talks
to whom.
"""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx

from workbook.views.canvas.spoken import Words
from workbook.views.canvas.theme import HEALTH_WORDS
from workbook.views.canvas.words import NBSP, plural
from workbook.views.layout.ranks import BROKER_EDGES, BROKER_KINDS

HEAD = ("Élément", "Sorte", "État", "Vers", "Par")
_STATE = 2
_KINDS = {
    "client": "client",
    "gateway": "passerelle",
    "exchange": "échange",
    "queue": "file",
    "database": "base de données",
}
_WAYS = {
    "publish": "publie",
    "binding": "liaison",
    "consume": "consommé par",
    "dead_letter": "lettres mortes",
}


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


def map_words(graph: nx.DiGraph) -> Words:
    """A sentence that counts, and a row an arrow: from whom, how it is, to whom, by what.

    Who is at rest or degraded depends on the last seconds: only a death is in the sentence.
    """
    kinds = [d.get("kind", "service") for _, d in graph.nodes(data=True)]
    services = sum(kind in ("gateway", "service") for kind in kinds)
    dead = sum(
        d.get("kind") in ("gateway", "service") and d.get("health") == "down"
        for _, d in graph.nodes(data=True)
    )
    calls = sum(kind not in BROKER_EDGES for *_, kind in graph.edges(data="kind"))
    facts = [
        plural(services, "service") + (f" dont {dead} en panne" if dead else ""),
        f"{plural(calls, 'appel')} de l’un à l’autre",
        plural(kinds.count("queue"), "file"),
    ]
    sentence = f"Carte{NBSP}: {', '.join(facts)}."
    return Words(sentence, HEAD, _rows(graph), left=len(HEAD), measured=(_STATE,))


def _rows(graph: nx.DiGraph) -> list[tuple[str, ...]]:
    rows = []
    for node in sorted(graph, key=lambda n: (name_of(graph, n), str(n))):
        attributes = graph.nodes[node]
        kind = _KINDS.get(attributes.get("kind"), "service")
        health = HEALTH_WORDS.get(attributes.get("health") or "idle", "au repos")
        who = name_of(graph, node), kind, "" if kind == "client" else health
        ways = sorted(
            (name_of(graph, target), _way(edge)) for _, target, edge in graph.out_edges(node, True)
        )
        rows += [(*who, *way) for way in ways] or [(*who, "", "")]
    return rows


def _way(edge: dict) -> str:
    """How an arrow goes: `appel`, `appel, disjoncteur ouvert`, `liaison order.created`."""
    way = _WAYS.get(edge.get("kind"), "appel")
    if edge.get("breaker") == "open":
        return f"{way}, disjoncteur ouvert"
    keys = edge.get("routing_key") or ()
    keys = keys.replace(",", " ").split() if isinstance(keys, str) else keys
    return " ".join([way, ", ".join(keys)]).strip()


def name_of(graph: nx.DiGraph, node: object) -> str:
    """What a learner types to name this node."""
    attributes = graph.nodes[node]
    return attributes.get("name") or attributes.get("label") or str(node).removesuffix(":")


def _part(title: str, items: Iterable[str], empty: str = "") -> str:
    said = ", ".join(sorted(items)) or empty
    return f"{title}{NBSP}: {said}." if said else ""


def _arrows(graph: nx.DiGraph, names: dict, wanted) -> list[str]:
    return [f"{names[u]} → {names[v]}" for u, v, kind in graph.edges(data="kind") if wanted(kind)]
