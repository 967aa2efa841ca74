"""Where along its row each node stands: near what it is linked with, never on its neighbour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import networkx as nx
import numpy as np

from workbook.views.layout.ordering import Bend, Layers
from workbook.views.layout.ranks import GAP

BEND_WIDTH = 14
_ROUNDS = 60
# A long edge must look straight: links between two bends pull eight times stronger.
_PULL = (1, 2, 8)


class Slots:
    """The room each node takes left and right of its centre, companions included."""

    def __init__(
        self,
        graph: nx.DiGraph,
        sizes: Mapping,
        left: Mapping,
        right: Mapping,
        label_widths: Mapping,
    ) -> None:
        self._graph, self._sizes = graph, sizes
        self._left, self._right, self._labels = left, right, label_widths

    def companion_shift(self, host, companion) -> float:
        """From the centre of a node to the centre of the one that rides along."""
        edge = (host, companion) if self._graph.has_edge(host, companion) else (companion, host)
        gap = max(34, self._labels.get(edge, 0) + 30)
        shift = self._sizes[host][0] / 2 + gap + self._sizes[companion][0] / 2
        return -shift if self._left.get(host) == companion else shift

    def extent(self, node, side: int) -> float:
        """Pixels taken left (side -1) or right (side 1) of the node's centre."""
        if isinstance(node, Bend):
            return BEND_WIDTH / 2
        companion = (self._left if side < 0 else self._right).get(node)
        if companion is None:
            return self._sizes[node][0] / 2
        return abs(self.companion_shift(node, companion)) + self._sizes[companion][0] / 2

    def distance(self, a, b) -> float:
        """Smallest distance between the centres of two neighbours of a row."""
        gap = GAP * 0.6 if isinstance(a, Bend) or isinstance(b, Bend) else GAP
        if self._graph.has_edge(a, b) or self._graph.has_edge(b, a):
            edge = (a, b) if self._graph.has_edge(a, b) else (b, a)
            gap = max(40, self._labels.get(edge, 0) + 30)
        return self.extent(a, 1) + gap + self.extent(b, -1)


def separate(
    wanted: Sequence[float],
    gaps: Sequence[float],
    weights: Sequence[float],
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> np.ndarray:
    """Positions closest to the wanted ones (weighted least squares) that keep gaps and bounds.

    Pool adjacent violators: neighbours that would overlap move as one block to their mean. The
    gaps are kept rather than the bounds where both cannot be.
    """
    offsets = np.r_[0.0, np.cumsum(gaps)]
    blocks: list[tuple[float, float, int]] = []
    for position, weight in zip(np.asarray(wanted) - offsets, weights, strict=True):
        blocks.append((position, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (p1, w1, n1), (p2, w2, n2) = blocks[-2:]
            blocks[-2:] = [((p1 * w1 + p2 * w2) / (w1 + w2), w1 + w2, n1 + n2)]
    packed = np.repeat([b[0] for b in blocks], [b[2] for b in blocks])
    low, high = bounds[0], max(bounds[0], bounds[1] - offsets[-1])
    return np.clip(packed, low, high) + offsets


def place_along_rows(rows: list[list], layers: Layers, slots: Slots, room: float) -> dict:
    """The x of every node and bend, companions excepted, around zero, in `room` pixels or more.

    The room grows to what the fullest row needs, and no row spreads beyond it.
    """
    gaps = [[slots.distance(a, b) for a, b in pairwise(r)] for r in rows]
    x: dict = {}
    for row, row_gaps in zip(rows, gaps, strict=True):
        offsets = np.r_[0.0, np.cumsum(row_gaps)]
        x.update(zip(row, offsets - offsets[-1] / 2, strict=True))
        room = max(room, offsets[-1] + slots.extent(row[0], -1) + slots.extent(row[-1], 1))
    links = _links(layers)
    for turn in range(_ROUNDS):
        pairs = list(zip(rows, gaps, strict=True))
        for row, row_gaps in pairs if turn % 2 == 0 else reversed(pairs):
            wanted, weights = zip(*(_wish(n, links, x) for n in row), strict=True)
            ends = slots.extent(row[0], -1) - room / 2, room / 2 - slots.extent(row[-1], 1)
            x.update(zip(row, separate(wanted, row_gaps, weights, ends), strict=True))
    return x


def _links(layers: Layers) -> dict:
    links: dict = {}
    for above, lower in layers.down.items():
        for under in lower:
            pull = _PULL[isinstance(above, Bend) + isinstance(under, Bend)]
            links.setdefault(above, []).append((under, pull))
            links.setdefault(under, []).append((above, pull))
    return links


def _wish(node, links: Mapping, x: Mapping) -> tuple[float, float]:
    """Where the neighbours would like the node, and how strongly."""
    if node not in links:
        return x[node], 0.01
    total = sum(pull for _, pull in links[node])
    return sum(x[other] * pull for other, pull in links[node]) / total, total
