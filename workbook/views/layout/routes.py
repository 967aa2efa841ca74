"""The way of each edge from port to port, and the spot of its label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np

from workbook.views.canvas.geometry import Box, Curve, bezier, vertical_curve
from workbook.views.layout.ordering import Bend
from workbook.views.layout.placement import separate
from workbook.views.layout.ranks import BROKER_EDGES

ARC = 30
# Room for an arrow head between the end of the line and the card it points at.
HEAD = 6
_PORT_GAP = 20
_DATABASE_ROOM = 46
_SHARES = tuple(sorted(np.arange(0.1, 0.92, 0.04), key=lambda share: abs(share - 0.5)))
_SWITCH = 19


@dataclass(frozen=True)
class _Stop:
    """One end of an edge: which side of which node, and towards which x it looks."""

    node: object
    above: bool
    edge: tuple
    towards: float


class Router:
    """Draws the edges of a graph whose boxes and rows are known."""

    def __init__(
        self,
        graph: nx.DiGraph,
        boxes: Mapping[object, Box],
        row_of: Mapping,
        spans: list[tuple[float, float]],
        bend_x: Mapping[Bend, float],
        chains: Mapping[tuple, list[Bend]],
    ) -> None:
        self._graph, self._boxes, self._row_of = graph, boxes, row_of
        self._spans, self._bend_x, self._chains = spans, bend_x, chains

    def curves(self) -> dict[tuple, Curve]:
        """The curve of every edge, from the caller's border to just before the callee's."""
        ports = self._ports()
        return {edge: self._curve(edge, ports) for edge in self._graph.edges}

    def _curve(self, edge: tuple, ports: Mapping) -> Curve:
        source, target = (self._boxes[n] for n in edge)
        if source is target:
            return _loop(source)
        if self._same_row(edge):
            if not arcs_over(edge, self._boxes, self._row_of):
                return self._straight(edge, source, target)
            return _arc(ports[edge, True], source, ports[edge, False], target)
        falls = self._row_of[edge[0]] < self._row_of[edge[1]]
        start = (ports[edge, True], source.bottom if falls else source.top)
        end = (ports[edge, False], target.top - HEAD if falls else target.bottom + HEAD)
        stops = [start]
        for bend in self._chains[edge]:
            top, bottom = self._spans[bend.row]
            x = self._bend_x[bend]
            stops += [(x, top), (x, bottom)] if falls else [(x, bottom), (x, top)]
        return vertical_curve([*stops, end])

    def _straight(self, edge: tuple, source: Box, target: Box) -> Curve:
        shift = 9 if self._graph.has_edge(*edge[::-1]) else 0
        way = 1 if target.x > source.x else -1
        start = source.right if way > 0 else source.left
        end = target.left - HEAD if way > 0 else target.right + HEAD
        y = source.y + shift * way
        return Curve(np.linspace((start, y), (end, y), 12))

    def _same_row(self, edge: tuple) -> bool:
        return self._row_of[edge[0]] == self._row_of[edge[1]]

    def _ports(self) -> dict[tuple, float]:
        """The x of each end of each edge; keys are (edge, is it the start)."""
        sides: dict[tuple, list[_Stop]] = {}
        for edge in self._graph.edges:
            for stop in self._stops(edge):
                sides.setdefault((stop.node, stop.above), []).append(stop)
        ports = {}
        for (node, above), stops in sides.items():
            stops.sort(key=lambda s: s.towards)
            for stop, x in zip(stops, self._spread(node, above, stops), strict=True):
                ports[stop.edge, stop.node == stop.edge[0]] = x
        return ports

    def _stops(self, edge: tuple) -> list[_Stop]:
        source, target = edge
        if source == target:
            return []
        if self._same_row(edge):
            if not arcs_over(edge, self._boxes, self._row_of):
                return []
            above = (True, True)
        else:
            falls = self._row_of[source] < self._row_of[target]
            above = (not falls, falls)
        xs = [self._bend_x[b] for b in self._chains[edge]]
        first = xs[0] if xs else self._boxes[target].x
        last = xs[-1] if xs else self._boxes[source].x
        return [_Stop(source, above[0], edge, first), _Stop(target, above[1], edge, last)]

    def _spread(self, node, above: bool, stops: list[_Stop]) -> list[float]:
        box = self._boxes[node]
        margin = min(20, box.width * 0.2)
        low, high = box.left + margin, box.right - margin
        if not above and self._graph.nodes[node].get("database"):
            high = box.right - _DATABASE_ROOM
        if len(stops) == 1:
            return [float(np.clip(stops[0].towards, low, high))]
        gap = min(_PORT_GAP, (high - low) / (len(stops) - 1))
        wanted = [float(np.clip(s.towards, low, high)) for s in stops]
        gaps = [gap] * (len(stops) - 1)
        return [float(x) for x in separate(wanted, gaps, [1.0] * len(stops), (low, high))]


def arcs_over(edge: tuple, boxes: Mapping, row_of: Mapping) -> bool:
    """Does an edge between two nodes of one row have another node in its way?"""
    low, high = sorted(boxes[n].x for n in edge)
    row = row_of[edge[0]]
    return any(row_of[n] == row and low < box.x < high for n, box in boxes.items())


def _arc(x0: float, source: Box, x1: float, target: Box) -> Curve:
    top = min(source.top, target.top) - ARC
    return Curve(bezier((x0, source.top), (x0, top), (x1, top), (x1, target.top - HEAD), 32))


def _loop(box: Box) -> Curve:
    """A node that calls itself."""
    x, y = box.right, box.y
    return Curve(bezier((x, y - 10), (x + 34, y - 26), (x + 34, y + 26), (x + HEAD, y + 10), 24))


def place_switches(graph: nx.DiGraph, curves: Mapping[tuple, Curve]) -> dict[tuple, Box]:
    """Room for a circuit breaker on each call, beside the caller: that is where it lives."""
    placed: dict[tuple, Box] = {}
    for edge, curve in curves.items():
        kind = graph.edges[edge].get("kind", "http")
        if kind in BROKER_EDGES or graph.nodes[edge[0]].get("kind") == "client":
            continue
        spots = [_around(curve.after(d), _SWITCH, _SWITCH) for d in (15, 26, 36, 46)]
        placed[edge] = min(spots, key=lambda spot: sum(spot.overlap(b) for b in placed.values()))
    return placed


def place_labels(
    curves: Mapping[tuple, Curve],
    sizes: Mapping[tuple, tuple[float, float] | None],
    obstacles: Iterable[Box],
    frame: Iterable[Curve],
    width: float,
) -> tuple[dict[tuple, Box], list[tuple]]:
    """The least crowded spot along each curve, and the edges whose label still covers something.

    A label may cover a line of the `frame` or another edge, but rather does not.
    """
    taken = np.array(list(obstacles), float).reshape(-1, 4)
    lines = [*curves.values(), *frame]
    points = np.vstack([c.points for c in lines]) if lines else np.empty((0, 2))
    owners = np.repeat(np.arange(len(lines)), [len(c.points) for c in lines])
    rank = {edge: i for i, edge in enumerate(curves)}
    labels: dict[tuple, Box] = {}
    crowded = []
    for edge in sorted(curves, key=lambda e: curves[e].length):
        if not sizes.get(edge):
            continue
        spots = _spots(curves[edge], *sizes[edge], width)
        covered = _covered(spots, taken)
        touched = _touched(spots, points[owners != rank[edge]])
        best = int(np.argmin(covered * 10 + touched * 5 + np.arange(len(spots)) / 2))
        if covered[best] > 0:
            crowded.append(edge)
        labels[edge] = Box(*map(float, spots[best]))
        taken = np.vstack([taken, spots[best]])
    return labels, crowded


def _spots(curve: Curve, wide: float, high: float, width: float) -> np.ndarray:
    """Candidate boxes along a curve, those nearest to its middle first."""
    distances = np.multiply(_SHARES, curve.length)
    x, y = (np.interp(distances, curve.lengths, curve.points[:, i]) for i in (0, 1))
    x = np.clip(x, 6 + wide / 2, width - 6 - wide / 2)
    return np.c_[x, y, np.full_like(x, wide), np.full_like(x, high)]


def _covered(spots: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """The area of each spot that is already taken."""
    apart = np.abs(spots[:, None, :2] - taken[None, :, :2])
    sides = (spots[:, None, 2:] + taken[None, :, 2:]) / 2 - apart
    room = np.minimum(spots[:, None, 2:], taken[None, :, 2:])
    return np.prod(np.clip(sides, 0, room), axis=2).sum(axis=1)


def _touched(spots: np.ndarray, points: np.ndarray, margin: float = 2) -> np.ndarray:
    """How many points of the other edges lie in each spot."""
    apart = np.abs(spots[:, None, :2] - points[None])
    return (apart < spots[:, None, 2:] / 2 + margin).all(axis=2).sum(axis=1)


def _around(centre: tuple[float, float], wide: float, high: float) -> Box:
    return Box(*centre, wide, high)
