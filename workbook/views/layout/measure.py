"""How much room each node and each edge's label needs, whatever it may have to say."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx

from workbook.views.canvas.glyphs import text_width

TITLE, NAME, METRIC, LABEL, KEY = 12.5, 9.6, 10.4, 10.2, 10.0
# The longest words a label may carry: 999 requests a second, nearly all of them failing.
_WIDEST_CALL = "888/s · 88 % err"
_WIDEST_METRIC = "888 req/s · p95 888 ms"
CARD_WIDEST, QUEUE_WIDEST = 218, 232
KEY_LINES = 3
# A learner who writes binding keys must see those that are bound.
BINDING_LINES = 6


def node_size(attributes: Mapping) -> tuple[float, float]:
    """Width and height of a node in pixels."""
    measured = {
        "client": _client_size,
        "exchange": _exchange_size,
        "queue": _queue_size,
        "database": _database_size,
    }
    return measured.get(attributes.get("kind"), _card_size)(attributes)


def code_name(attributes: Mapping) -> str:
    """What the learner types, unless the title already says it to the letter."""
    name = attributes.get("name") or ""
    return "" if name == title(attributes) else name


def title(attributes: Mapping) -> str:
    """What a node is called on the picture."""
    fallback = "(défaut)" if attributes.get("kind") == "exchange" else "?"
    return attributes.get("label") or attributes.get("name") or fallback


def _card_size(attributes: Mapping) -> tuple[float, float]:
    name = code_name(attributes)
    heading = 30 + text_width(title(attributes), TITLE, True) + 11
    heading += 12 + text_width(name, NAME) if name else 0
    metrics = 24 + text_width(_WIDEST_METRIC, METRIC) + (38 if attributes.get("database") else 0)
    return min(CARD_WIDEST, max(heading, metrics)), 54


def _client_size(attributes: Mapping) -> tuple[float, float]:
    return min(170, max(92, 34 + text_width(title(attributes), 11.2, True) + 14)), 42


def _exchange_size(attributes: Mapping) -> tuple[float, float]:
    return min(220, max(132, 34 + text_width(title(attributes), 11, True) + 16)), 40


def _queue_size(attributes: Mapping) -> tuple[float, float]:
    return min(QUEUE_WIDEST, max(158, 20 + text_width(title(attributes), 10.6, True))), 58


def _database_size(attributes: Mapping) -> tuple[float, float]:
    return max(96, text_width(title(attributes), METRIC, True) + 12), 62


def key_lines(attributes: Mapping) -> list[str]:
    """The routing keys of an edge, one a line; past what there is room for, only how many more."""
    keys = attributes.get("routing_key") or ""
    keys = keys.replace(",", " ").split() if isinstance(keys, str) else list(keys)
    most = BINDING_LINES if attributes.get("kind") == "binding" else KEY_LINES
    if len(keys) <= most:
        return keys
    return [*keys[: most - 1], f"+ {len(keys) - most + 1} autres"]


def label_size(attributes: Mapping) -> tuple[float, float] | None:
    """Room for an edge's label, or None if it never has one."""
    kind = attributes.get("kind", "http")
    if kind == "http":
        return text_width(_WIDEST_CALL, LABEL, True) + 6, 16
    lines = key_lines(attributes)
    if kind == "consume" or not lines:
        return None
    return max(text_width(k, KEY) for k in lines) + 10, 12.5 * len(lines) + 4


def sizes(graph: nx.DiGraph) -> dict[object, tuple[float, float]]:
    """The size of every node."""
    return {n: node_size(d) for n, d in graph.nodes(data=True)}
