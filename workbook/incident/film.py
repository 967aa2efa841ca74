"""The film: the map's own drawing at each moment, as one SVG and what changes in it.

The map is drawn twice in step, light and dark: where both differ, a colour becomes a variable of
the page. Nothing is drawn by the page's script, which only puts recorded values in their place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

import networkx as nx

from workbook.views.canvas.geometry import polyline
from workbook.views.canvas.vector import COLOURS, FONT, Element, elements, path_data, svg_of
from workbook.views.canvas.words import NBSP
from workbook.views.map.drawing import MapDrawing

Track = list  # [element, attribute, [frame, value, frame, value …]]


class Palette:
    """Pairs of colours, light and dark, as CSS variables."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], str] = {}

    def name(self, light: str, dark: str) -> str:
        """What to write as a colour for this pair."""
        if light == dark:
            return light
        return f"var(--{self._names.setdefault((light, dark), f'c{len(self._names)}')})"

    def css(self, dark: bool) -> str:
        """The declarations of one theme."""
        return "".join(f"--{name}:{pair[dark]};" for pair, name in self._names.items())


class Film:
    """The map of some graphs of one shape: `svg` at one of them, `tracks` for all.

    `values` holds what tracks put into attributes; they name them by number.
    """

    def __init__(self, graphs: Sequence[nx.DiGraph], palette: Palette, still: int = 0) -> None:
        self._palette = palette
        self._light, self._dark = MapDrawing(graphs[0], "light"), MapDrawing(graphs[0], "dark")
        self._numbers: dict[str, int] = {}
        frames = [self._frame(graph) for graph in graphs]
        self.size = self._light.size
        self.tracks = self._tracked(frames)
        self._still = frames[still]

    @property
    def values(self) -> list[str]:
        return list(self._numbers)

    @property
    def edges(self) -> dict[tuple, str]:
        """Where each edge runs, as path data."""
        lines = self._light.lines.items()
        return {edge: path_data(polyline(line.curve.points.tolist())) for edge, line in lines}

    @property
    def places(self) -> dict[str, list[int]]:
        """The middle of each node."""
        boxes = self._light.layout.boxes
        return {str(node): [round(box.x), round(box.y)] for node, box in boxes.items()}

    def svg(self, words: str) -> str:
        """The map at the chosen frame; `words` are read out in its place."""
        width, height = self.size
        ground = self._palette.name(self._light.theme.background, self._dark.theme.background)
        return (
            f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" font-family="{FONT}" '
            f'stroke-linecap="round" stroke-linejoin="round" aria-label="{escape(words)}">'
            f'<rect width="100%" height="100%" fill="{ground}"/>'
            f"<g>{svg_of(self._still)}</g>"
            '<path class="way" d=""/></svg>'
        )

    def _frame(self, graph: nx.DiGraph) -> list[Element]:
        for drawing in (self._light, self._dark):
            drawing.update(graph, requests=False)
        pair = elements(self._light.scene), elements(self._dark.scene)
        return [self._both(light, dark) for light, dark in zip(*pair, strict=True)]

    def _both(self, light: Element, dark: Element) -> Element:
        colours = {c: self._palette.name(light[c], dark[c]) for c in COLOURS}
        return {**light, **colours}

    def _tracked(self, frames: list[list[Element]]) -> list[Track]:
        tracks: dict[tuple[int, str], list[int]] = {}
        for number, (before, now) in enumerate(pairwise(frames), 1):
            for place, (old, new) in enumerate(zip(before, now, strict=True)):
                if old == new:
                    continue
                for name in new:
                    if old[name] != new[name]:
                        first = [0, self._number(frames[0][place][name])]
                        track = tracks.setdefault((place, name), first)
                        track += [number, self._number(new[name])]
        return [[place, name, track] for (place, name), track in tracks.items()]

    def _number(self, value: str) -> int:
        return self._numbers.setdefault(value, len(self._numbers))


def most_telling(graphs: Sequence[nx.DiGraph]) -> int:
    """The frame to print where nothing can move: the worst one."""
    return max(range(len(graphs)), key=lambda i: (_trouble(graphs[i]), -i))


def _trouble(graph: nx.DiGraph) -> tuple:
    down = sum(health == "down" for _, health in graph.nodes(data="health"))
    opened = sum(breaker == "open" for *_, breaker in graph.edges(data="breaker"))
    return down, opened, graph.graph["total_error_rate"], graph.graph["queued"]


def in_words(graph: nx.DiGraph) -> str:
    """What is wrong at one moment, in a line."""
    troubles = [_node_words(n, d) for n, d in graph.nodes(data=True) if d["health"] == "down"]
    slow = [str(d.get("name") or n) for n, d in graph.nodes(data=True) if d["health"] == "warn"]
    cut = [f"{u} → {v}" for u, v, breaker in graph.edges(data="breaker") if breaker == "open"]
    said = [*dict.fromkeys(troubles)]
    said += [f"dégradé{NBSP}: " + ", ".join(slow)] if slow else []
    said += [f"disjoncteur ouvert{NBSP}: " + ", ".join(cut)] if cut else []
    return f"{NBSP}; ".join(said) or "tout est en état de marche"


def _node_words(name: str, node: Mapping) -> str:
    if node["kind"] in ("exchange", "queue"):
        return node["reason"] or "RabbitMQ ne répond plus"
    return f"{node.get('name') or name} en panne{NBSP}: {node['reason'] or 'ne répond plus'}"
