"""The map as a picture: drawn once, then only what changed is drawn again."""

from __future__ import annotations

import time
from collections.abc import Mapping

import networkx as nx
import numpy as np

from workbook.views.canvas import theme
from workbook.views.canvas.geometry import circle, diamond, polyline, rounded
from workbook.views.canvas.glyphs import text_width
from workbook.views.canvas.health import HealthSign
from workbook.views.canvas.scene import Label, Scene
from workbook.views.canvas.theme import Theme, theme_named
from workbook.views.canvas.vector import svg
from workbook.views.canvas.words import number, percent, plural
from workbook.views.layout.layered import SIDE, Layout, band_title, layout
from workbook.views.layout.ranks import BROKER_KINDS, is_dead_exchange
from workbook.views.map.cards import CARD_KINDS, ServiceCard, health_of
from workbook.views.map.flows import HEADS, LINES, BreakerSign, EdgeLine

BAND = 0
_LEGEND_SIZE, _LEGEND_LINE = 10.0, 21
_SEPARATOR = "   ·   "


class MapDrawing:
    """The live map of a graph (attributes as in `Shop.graph`).

    `update` is cheap while nodes and edges are the same, and lays the map out anew when they are
    not, moving what was there as little as it can.
    """

    def __init__(self, graph: nx.DiGraph, theme: str | Theme = "light") -> None:
        self.theme = theme_named(theme)
        self.layout: Layout | None = None
        self._key: object = None
        self.update(graph)

    def update(self, graph: nx.DiGraph, *, requests: bool = True) -> bool:
        """Show this state; True if the map had to be laid out anew.

        `requests` draws some requests on their way, for a picture that nothing animates.
        """
        key = _shape_of(graph)
        rebuilt = key != self._key
        if rebuilt:
            self._key = key
            self.layout = layout(graph, self.layout)
            self._build(graph)
        for node, card in self._cards.items():
            card.update(graph.nodes[node])
        for edge, line in self._lines.items():
            line.update(graph.edges[edge], requests=requests)
        self._update_band(graph)
        self._status.set(_SEPARATOR.join(status(graph)))
        return rebuilt

    @property
    def lines(self) -> Mapping[tuple, EdgeLine]:
        """The edges as drawn, for whoever animates them."""
        return self._lines

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels at scale 1."""
        return self.scene.width, self.scene.height

    def rgba(self, scale: float = 1) -> np.ndarray:
        """The frame as an array of height × width × 4 bytes."""
        return self.scene.rgba(scale)

    def png(self, scale: float = 1, *, small: bool = False) -> bytes:
        """The frame as PNG; `small` is slower and lighter, for a picture one keeps."""
        return self.scene.png(scale, small=small)

    def svg(self, words: str = "") -> str:
        """The frame as SVG; `words` are read out in its place."""
        return svg(self.scene, words)

    def _build(self, graph: nx.DiGraph) -> None:
        legend = _Legend(graph, self.theme, self.layout.width)
        top = self.layout.bottom + 24
        size = self.layout.width, top + legend.height
        self.scene = Scene(*size, self.theme.background, theme.palette(self.theme))
        self._draw_band(graph)
        self._lines = {e: self._line(graph, e) for e in self.layout.curves}
        self._cards = {n: self._card(graph, n) for n in graph}
        self._write_header(graph)
        legend.draw(self.scene, top)

    def _card(self, graph: nx.DiGraph, node):
        attributes = dict(graph.nodes[node])
        if attributes.get("kind") == "exchange":
            attributes["dead_letter"] = is_dead_exchange(graph, node)
        kind = CARD_KINDS.get(attributes.get("kind"), ServiceCard)
        return kind(self.scene, self.theme, self.layout.boxes[node], attributes)

    def _line(self, graph: nx.DiGraph, edge: tuple) -> EdgeLine:
        band, label = self.layout.band, self.layout.labels.get(edge)
        inside = band and label and band.top < label.y < band.bottom
        return EdgeLine(
            self.scene,
            self.theme,
            edge,
            self.layout.curves[edge],
            label,
            self.layout.switches.get(edge),
            self.theme.band if inside else self.theme.background,
            dead=_carries_dead_letters(graph, edge),
        )

    def _draw_band(self, graph: nx.DiGraph) -> None:
        band, paint = self.layout.band, self.theme
        self._band = None
        if not band:
            return
        self._band = self.scene.shape(rounded(band, 12), BAND, fill=paint.band, line=1)
        place = band_title(band)
        self._band_title = self.scene.label(
            place.left + 4, place.y, size=10.4, colour=paint.async_ink, bold=True, plate=paint.band
        )

    def _update_band(self, graph: nx.DiGraph) -> None:
        if not self._band:
            return
        down = any(
            health_of(d) == "down" for _, d in graph.nodes(data=True) if d["kind"] in BROKER_KINDS
        )
        paint = self.theme
        self._band.set(stroke=theme.DOWN if down else paint.band_edge, line=2 if down else 1)
        words = "RabbitMQ ne répond plus" if down else "RabbitMQ"
        self._band_title.set(words, paint.down_ink if down else paint.async_ink)

    def _write_header(self, graph: nx.DiGraph) -> None:
        title = graph.graph.get("title") or "La boutique — carte en direct"
        self.scene.label(SIDE - 4, 27, title, size=15.5, colour=self.theme.ink, bold=True)
        self._status: Label = self.scene.label(
            self.layout.width - SIDE + 4, 27, size=11, colour=self.theme.sub, anchor="right"
        )


def _shape_of(graph: nx.DiGraph) -> object:
    """What the layout depends on: who is there, how it is called, and who is linked with whom."""
    drawn = ("kind", "label", "name", "database", "dead_letter", "exchange_type")
    nodes = tuple((n, *(d.get(a) for a in drawn)) for n, d in graph.nodes(data=True))
    edges = tuple(
        (u, v, d.get("kind"), repr(d.get("routing_key"))) for u, v, d in graph.edges(data=True)
    )
    return frozenset(nodes), frozenset(edges), graph.graph.get("title")


def _carries_dead_letters(graph: nx.DiGraph, edge: tuple) -> bool:
    source, target = edge
    if graph.edges[edge].get("kind") == "dead_letter":
        return True
    return bool(graph.nodes[target].get("dead_letter")) and is_dead_exchange(graph, source)


def status(graph: nx.DiGraph) -> list[str]:
    """The header's figures: the time, requests, errors, and messages waiting."""
    figures = graph.graph
    said = []
    if figures.get("time"):
        said.append(time.strftime("%H:%M:%S", time.localtime(figures["time"])))
    if figures.get("total_rate"):
        said.append(f"{number(figures['total_rate'])} req/s")
        said.append(f"{percent(figures.get('total_error_rate') or 0)} d’erreurs")
    else:
        said.append("aucun trafic")
    if any(kind == "queue" for _, kind in graph.nodes(data="kind")):
        said.append(f"{plural(figures.get('queued') or 0, 'message')} en file")
    return said


class _Legend:
    """What the signs mean: only those that can appear on this map."""

    def __init__(self, graph: nx.DiGraph, paint: Theme, width: float) -> None:
        self._paint = paint
        kinds = {kind for _, kind in graph.nodes(data="kind")}
        items = [*(("health", h, w) for h, w in theme.HEALTH_WORDS.items())]
        items.append(("line", "call", "appel HTTP"))
        if kinds & BROKER_KINDS:
            items.append(("line", "async", "message"))
        if any(d for _, d in graph.nodes(data="dead_letter")):
            items.append(("line", "dead", "lettre morte"))
        items += [
            ("breaker", "open", "disjoncteur ouvert"),
            ("breaker", "half_open", "à l’essai"),
            ("request", "good", "requête"),
            ("request", "bad", "erreur"),
            ("", "", "épaisseur = débit"),
        ]
        self._rows = self._flow(items, width - 2 * SIDE)

    @property
    def height(self) -> float:
        return len(self._rows) * _LEGEND_LINE + 6

    def draw(self, scene: Scene, top: float) -> None:
        for i, row in enumerate(self._rows):
            for x, (sign, which, words) in row:
                self._draw_item(scene, x, top + i * _LEGEND_LINE, sign, which, words)

    def _flow(self, items: list[tuple], room: float) -> list[list]:
        rows, x = [[]], 0.0
        for item in items:
            width = _sign_width(item[0]) + text_width(item[2], _LEGEND_SIZE) + 16
            if x + width - 16 > room:
                rows.append([])
                x = 0.0
            rows[-1].append((SIDE + x, item))
            x += width
        return rows

    def _draw_item(
        self, scene: Scene, x: float, y: float, sign: str, which: str, words: str
    ) -> None:
        draw = {
            "health": self._draw_health,
            "line": self._draw_line,
            "breaker": self._draw_breaker,
            "request": self._draw_request,
        }.get(sign)
        if draw:
            draw(scene, x, y, which)
        scene.label(x + _sign_width(sign), y, words, size=_LEGEND_SIZE, colour=self._paint.sub)

    def _draw_health(self, scene: Scene, x: float, y: float, health: str) -> None:
        HealthSign(scene, self._paint, x + 6, y, 5.4).show(health)

    def _draw_line(self, scene: Scene, x: float, y: float, which: str) -> None:
        stroke = {"call": self._paint.call, "async": theme.ASYNC, "dead": theme.DOWN}[which]
        dash = None if which == "call" else (7, 4.4)
        path = polyline([(x, y), (x + 24, y)])
        scene.shape(path, LINES, stroke=stroke, line=2, dash=dash)

    def _draw_breaker(self, scene: Scene, x: float, y: float, state: str) -> None:
        BreakerSign(scene, self._paint, x + 8, y).show(state)

    def _draw_request(self, scene: Scene, x: float, y: float, which: str) -> None:
        bad = which == "bad"
        path = diamond(x + 5, y, 4.6) if bad else circle(x + 5, y, 3.4)
        stroke = theme.DOWN if bad else self._paint.call
        scene.shape(path, HEADS, fill=self._paint.card, stroke=stroke, line=1.6)


def _sign_width(sign: str) -> float:
    return {"health": 16, "line": 30, "breaker": 21, "request": 14}.get(sign, 0)
