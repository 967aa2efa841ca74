"""The module's diagrams, each of their edges accounted for: observed, corrected, or inside.

A diagram stands in a chapter as Mermaid, which JupyterLab and GitHub draw. Beside the text,
`course/<key>/diagrams.py` lists its edges in `DIAGRAMS`: those a test finds again in the graph of
a real run, those the module draws wrongly, and those that no network sees. `workbook build --check`
refuses an edge that is drawn and not listed, or listed and not drawn.

No library reads Mermaid in Python (those of PyPI write it, or send it to a JavaScript engine);
what is read here is the subset in which the module draws.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import networkx as nx

from workbook import settings

DATABASE = "database"
FENCE = re.compile(r"^```mermaid\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SHAPE = r"(?:\[\(.*?\)\]|\[.*?\]|\(.*?\)|\{.*?\})?"
_END = rf"(?:\[\*\]|\w+{_SHAPE})"
_ARROW = r"(?:-->>|->>|--?x|-\.->|==>|-->)"
_EDGE = re.compile(
    rf"^(?P<source>{_END})\s*{_ARROW}\s*(?:\|(?P<on>[^|]*)\|\s*)?(?P<target>{_END})"
    r"\s*(?::\s*(?P<after>.*))?$"
)
_NAMED = re.compile(r"(\w+)(?:\[\(|\[|\(|\{)\"?(.*?)\"?(?:\)\]|\]|\)|\})")
_ALIAS = re.compile(
    r"^(?:participant|actor|state)\s+(?:\"(?P<first>.*)\"\s+as\s+)?(?P<id>\w+)"
    r"(?:\s+as\s+(?P<last>.*))?$"
)


class Standing(StrEnum):
    """How an edge of the module is accounted for."""

    OBSERVED = "observed"
    CORRECTED = "corrected"
    INSIDE = "inside"


@dataclass(frozen=True)
class Edge:
    """One arrow of a diagram, by the names it shows; `label` tells parallel arrows apart.

    An observed one names its two nodes in `shop.graph()`; the others say why, in French.
    """

    source: str
    target: str
    standing: Standing
    seen: tuple[str, str] | None = None
    why: str = ""
    label: str | None = None

    def is_in(self, graph: nx.DiGraph) -> bool:
        """Whether a run showed it; a service's own database is a mark on its node."""
        caller, called = self.seen
        if called == DATABASE:
            return bool(graph.nodes.get(caller, {}).get("database"))
        return graph.has_edge(caller, called)

    def draws(self, source: str, target: str, label: str) -> bool:
        """Whether it accounts for this arrow of the text."""
        return (self.source, self.target) == (source, target) and self.label in (None, label)


@dataclass(frozen=True)
class Diagram:
    """A diagram of the module, named by its section there.

    `traffic(shop)` makes the calls by which its edges are observed, on a shop started with
    `services` (all when empty) and `environment`; it may leave nothing broken behind.
    """

    section: str
    edges: tuple[Edge, ...]
    traffic: Callable[[Any], object] | None = None
    services: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.observed and not self.traffic:
            raise ValueError(f"{self.section}: which traffic shows its observed edges?")

    @property
    def observed(self) -> tuple[Edge, ...]:
        """The edges that a run must show."""
        return tuple(edge for edge in self.edges if edge.seen)


def observed(source: str, target: str, caller: str, called: str, label: str | None = None) -> Edge:
    """The arrow from `source` to `target`, seen in `shop.graph()` from `caller` to `called`.

    `called` is a node, or DATABASE for the service's own.
    """
    return Edge(source, target, Standing.OBSERVED, (caller, called), label=label)


def corrected(source: str, target: str, why: str, label: str | None = None) -> Edge:
    """An arrow that the course draws otherwise, and why."""
    return Edge(source, target, Standing.CORRECTED, why=why, label=label)


def inside(source: str, target: str, why: str, label: str | None = None) -> Edge:
    """An arrow inside one process, which no network sees, and what shows it."""
    return Edge(source, target, Standing.INSIDE, why=why, label=label)


def diagrams_of(key: str) -> tuple[Diagram, ...]:
    """What `course/<key>/diagrams.py` lists; none where there is no such file."""
    name = f"{settings.course()}.{key}.diagrams"
    return import_module(name).DIAGRAMS if find_spec(name) else ()


def arrows(mermaid: str) -> list[tuple[str, str, str]]:
    """(source, target, label) of each arrow of a Mermaid text, by the names it shows."""
    lines = [line.strip() for line in mermaid.splitlines()]
    names = {id: name for line in lines for id, name in _names(line)}
    found = []
    for line in lines:
        if edge := _EDGE.match(line):
            ends = (edge["source"], edge["target"])
            source, target = (names.get(_id(end), _id(end)) for end in ends)
            found.append((source, target, (edge["on"] or edge["after"] or "").strip()))
    return found


def unaccounted(mermaids: Iterable[str], diagrams: Iterable[Diagram]) -> Iterator[str]:
    """In French, each arrow drawn and not listed, or listed and not drawn."""
    drawn = [arrow for text in mermaids for arrow in arrows(text)]
    listed = [edge for diagram in diagrams for edge in diagram.edges]
    for source, target, label in drawn:
        if not any(edge.draws(source, target, label) for edge in listed):
            said = f" ({label})" if label else ""
            yield f"la flèche « {source} → {target} »{said} n’est pas dans DIAGRAMS"
    for edge in listed:
        if not any(edge.draws(*arrow) for arrow in drawn):
            said = f"« {edge.source} → {edge.target} »"
            yield f"DIAGRAMS compte une flèche {said} qui n’est pas dessinée"


def _id(end: str) -> str:
    return end if end == "[*]" else re.match(r"\w+", end)[0]


def _names(line: str) -> Iterator[tuple[str, str]]:
    if alias := _ALIAS.match(line):
        yield alias["id"], alias["first"] or alias["last"] or alias["id"]
    elif not line.startswith(("subgraph", "style", "note", "%%")):
        yield from _NAMED.findall(re.sub(r"\|[^|]*\|", " ", line))
