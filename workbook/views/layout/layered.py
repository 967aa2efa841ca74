"""Where everything on the map is: a small layered layout that stays put between two maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import networkx as nx
import numpy as np

from workbook.views.canvas.geometry import Box, Curve
from workbook.views.layout import measure
from workbook.views.layout.ordering import Bend, Layers, order_rows
from workbook.views.layout.placement import BEND_WIDTH, Slots, place_along_rows
from workbook.views.layout.ranks import BROKER_KINDS, rank
from workbook.views.layout.routes import ARC, Router, arcs_over, place_labels, place_switches

TOP, SIDE = 58.0, 22.0
_BAND_ABOVE, _BAND_BELOW = 28, 18
_LABEL_TRIES = 10


@dataclass(frozen=True)
class Layout:
    """Boxes, curves and places in pixels; `bottom` is where the last row ends."""

    width: float
    bottom: float
    boxes: dict[object, Box]
    curves: dict[tuple, Curve]
    labels: dict[tuple, Box]
    switches: dict[tuple, Box]
    band: Box | None
    order: dict[object, int] = field(repr=False)
    crossings: int = 0


def layout(
    graph: nx.DiGraph,
    previous: Layout | None = None,
    *,
    narrowest: float = 760,
    widest: float = 1010,
) -> Layout:
    """Lay the graph out, at least `narrowest` pixels wide.

    Rows wider than `widest` are cut where they can be. With `previous`, the nodes it knows keep
    their order unless a fresh one crosses less.
    """
    sizes = measure.sizes(graph)
    labels = {(u, v): measure.label_size(d) for u, v, d in graph.edges(data=True)}
    ranked = rank(graph, sizes, widest - 2 * SIDE)
    layers = Layers(graph, ranked.rows, ranked.hosts, heavy=ranked.right)
    rows = order_rows(layers, previous.order if previous else {})
    label_widths = {e: size[0] for e, size in labels.items() if size}
    slots = Slots(graph, sizes, ranked.left, ranked.right, label_widths)
    x = place_along_rows(rows, layers, slots, widest - 2 * SIDE)
    for companion, host in ranked.hosts.items():
        x[companion] = x[host] + slots.companion_shift(host, companion)
    width = _centre(x, sizes, narrowest)
    return _Stack(graph, rows, layers, x, sizes, labels, width).settle()


def dock(card: Box) -> Box:
    """Where the private database of a service hangs."""
    return Box(card.right - 24, card.bottom + 1, 28, 22)


def badge(card: Box) -> Box:
    """Where the number of instances is told, on a corner of the card."""
    return Box(card.right - 8, card.top, 28, 16)


def band_title(band: Box) -> Box:
    """Where the broker's name stands."""
    return Box(band.left + 108, band.top + 14, 190, 16)


def _centre(x: dict, sizes: Mapping, narrowest: float) -> float:
    """Move everything into the page, and return the page's width."""
    half = {n: BEND_WIDTH / 2 if isinstance(n, Bend) else sizes[n][0] / 2 for n in x}
    low = min((x[n] - half[n] for n in x), default=0)
    high = max((x[n] + half[n] for n in x), default=0)
    width = float(max(narrowest, high - low + 2 * SIDE))
    for node in x:
        x[node] += (width - high - low) / 2
    return width


def _borders(band: Box | None) -> list[Curve]:
    if not band:
        return []
    x = np.arange(band.left, band.right, 24)
    return [Curve(np.c_[x, np.full_like(x, y)]) for y in (band.top, band.bottom)]


class _Stack:
    """Rows on top of each other, far enough apart for the labels between them."""

    def __init__(
        self,
        graph: nx.DiGraph,
        rows: list[list],
        layers: Layers,
        x: Mapping,
        sizes: Mapping,
        labels: Mapping,
        width: float,
    ) -> None:
        self._graph, self._rows, self._layers, self._x = graph, rows, layers, x
        self._sizes, self._labels, self._width = sizes, labels, width
        self._members: list[list] = [[] for _ in rows]
        for node in graph:
            self._members[layers.row_of[node]].append(node)
        self._gaps = [self._gap_above(i) for i in range(len(rows))]

    def settle(self) -> Layout:
        """Widen the gaps until no label covers anything."""
        for _ in range(_LABEL_TRIES):
            spans = self._spans()
            result, crowded = self._attempt(spans)
            if not crowded:
                break
            for gap in {_gap_of(result.labels[e].y, spans) for e in crowded}:
                self._gaps[gap] += 17
        return result

    def _attempt(self, spans: list[tuple[float, float]]) -> tuple[Layout, list[tuple]]:
        boxes = {
            n: Box(self._x[n], sum(spans[self._layers.row_of[n]]) / 2, *self._sizes[n])
            for n in self._graph
        }
        bends = {n: x for n, x in self._x.items() if isinstance(n, Bend)}
        router = Router(self._graph, boxes, self._layers.row_of, spans, bends, self._layers.chains)
        curves = router.curves()
        switches = place_switches(self._graph, curves)
        band = self._band(spans)
        docks = [dock(boxes[n]) for n in self._graph if self._graph.nodes[n].get("database")]
        titles = [band_title(band)] if band else []
        badges = [badge(box) for box in boxes.values()]
        obstacles = [*boxes.values(), *switches.values(), *docks, *badges, *titles]
        labels, crowded = place_labels(curves, self._labels, obstacles, _borders(band), self._width)
        result = Layout(
            width=self._width,
            bottom=self._bottom(spans, band),
            boxes=boxes,
            curves=curves,
            labels=labels,
            switches=switches,
            band=band,
            order={n: i for row in self._rows for i, n in enumerate(row)},
            crossings=self._layers.crossings(self._rows),
        )
        return result, crowded

    def _spans(self) -> list[tuple[float, float]]:
        """Top and bottom of each row."""
        spans, y = [], TOP
        for gap, members in zip(self._gaps, self._members, strict=True):
            top = y + gap
            y = top + max((self._sizes[n][1] for n in members), default=20)
            spans.append((top, y))
        return spans

    def _gap_above(self, row: int) -> float:
        arcs = ARC if self._has_arcs(row) else 0
        if row == 0:
            return arcs + (_BAND_ABOVE if self._is_broker(0) else 0)
        docked = any(self._graph.nodes[n].get("database") for n in self._members[row - 1])
        inside = self._is_broker(row) and self._is_broker(row - 1)
        gap = arcs + self._room_for_labels(row) + (10 if docked else 0)
        if self._is_broker(row) and not inside:
            gap += _BAND_ABOVE
        if self._is_broker(row - 1) and not inside:
            gap += _BAND_BELOW - 8
        return gap

    def _room_for_labels(self, row: int) -> float:
        """Enough for the tallest label of the edges that end at this row or leave the one above."""
        row_of = self._layers.row_of
        crossing = [
            self._labels[e]
            for e in self._graph.edges
            if min(row_of[n] for n in e) < row <= max(row_of[n] for n in e)
        ]
        if not crossing:
            return 26
        return 36 + max((size[1] for size in crossing if size), default=0)

    def _has_arcs(self, row: int) -> bool:
        boxes = {n: Box(self._x[n], 0, *self._sizes[n]) for n in self._members[row]}
        return any(
            u in boxes and v in boxes and arcs_over((u, v), boxes, self._layers.row_of)
            for u, v in self._graph.edges
        )

    def _is_broker(self, row: int) -> bool:
        return any(self._graph.nodes[n].get("kind") in BROKER_KINDS for n in self._members[row])

    def _band(self, spans: list[tuple[float, float]]) -> Box | None:
        rows = [i for i in range(len(spans)) if self._is_broker(i)]
        if not rows:
            return None
        top, bottom = spans[rows[0]][0] - _BAND_ABOVE, spans[rows[-1]][1] + _BAND_BELOW
        return Box(self._width / 2, (top + bottom) / 2, self._width - 20, bottom - top)

    def _bottom(self, spans: list[tuple[float, float]], band: Box | None) -> float:
        lowest = max((bottom for _, bottom in spans), default=TOP)
        return max(lowest + 14, band.bottom if band else 0)


def _gap_of(y: float, spans: list[tuple[float, float]]) -> int:
    """Which gap a label stands in: the one above the first row that ends below it."""
    return next((i for i, (_, bottom) in enumerate(spans) if y < bottom), len(spans) - 1)
