"""The order of the nodes in each row: few crossings, and little change from one map to the next.

Sugiyama's method: an edge that spans several rows goes through a `Bend` in each; rows are sorted by
the barycentre of their neighbours, then adjacent nodes are swapped while that removes crossings.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Container, Mapping
from itertools import pairwise
from typing import NamedTuple

import networkx as nx

_SWEEPS = 10


class Bend(NamedTuple):
    """Where a long edge goes through a row."""

    source: object
    target: object
    row: int


class Layers:
    """Rows of nodes and bends, and who is linked with whom in the row above and below.

    `hosts` gives whom a companion rides along with; `heavy` nodes carry one on their right.
    """

    def __init__(
        self, graph: nx.DiGraph, rows: list[list], hosts: Mapping, heavy: Container = ()
    ) -> None:
        self.heavy = heavy
        self.rows = [list(row) for row in rows]
        self.row_of = {n: i for i, row in enumerate(rows) for n in row}
        self.row_of |= {c: self.row_of[host] for c, host in hosts.items()}
        self.up: dict = {}
        self.down: dict = {}
        self.chains: dict[tuple, list[Bend]] = {}
        for source, target in graph.edges:
            self._add_edge(source, target, hosts)

    def _add_edge(self, source, target, hosts: Mapping) -> None:
        high, low = sorted((source, target), key=self.row_of.get)
        bends = [
            Bend(source, target, row) for row in range(self.row_of[high] + 1, self.row_of[low])
        ]
        for bend in bends:
            self.rows[bend.row].append(bend)
        if self.row_of[high] != self.row_of[low]:
            stops = [hosts.get(high, high), *bends, hosts.get(low, low)]
            for above, under in pairwise(stops):
                self.down.setdefault(above, []).append(under)
                self.up.setdefault(under, []).append(above)
        self.chains[source, target] = bends if high == source else bends[::-1]

    def crossings(self, rows: list[list]) -> int:
        """How many pairs of edges between neighbouring rows cross."""
        return sum(_inversions(upper, lower, self.down) for upper, lower in pairwise(rows))


def _inversions(upper: list, lower: list, down: Mapping) -> int:
    place = {n: i for i, n in enumerate(lower)}
    seen: list[int] = []
    total = 0
    for node in upper:
        ends = sorted(place[n] for n in down.get(node, ()))
        total += sum(len(seen) - bisect_right(seen, end) for end in ends)
        for end in ends:
            insort(seen, end)
    return total


def order_rows(layers: Layers, previous: Mapping) -> list[list]:
    """The best order found; the previous one is kept unless a fresh one crosses less."""
    fresh = _transpose(layers, _sweep(layers, _start(layers, previous)), frozen={})
    if not previous:
        return fresh
    stable = _transpose(layers, _insert_new(layers, previous), frozen=previous)
    return stable if layers.crossings(stable) <= layers.crossings(fresh) else fresh


def _start(layers: Layers, previous: Mapping) -> list[list]:
    return [sorted(row, key=lambda n: previous.get(n, 1e9)) for row in layers.rows]


def _sweep(layers: Layers, rows: list[list]) -> list[list]:
    best, fewest = [list(r) for r in rows], layers.crossings(rows)
    for sweep in range(_SWEEPS):
        downward = sweep % 2 == 0
        neighbours = layers.up if downward else layers.down
        path = range(1, len(rows)) if downward else range(len(rows) - 2, -1, -1)
        for i in path:
            fixed = rows[i - 1] if downward else rows[i + 1]
            rows[i] = _by_barycentre(rows[i], fixed, neighbours)
        crossings = layers.crossings(rows)
        if crossings < fewest:
            best, fewest = [list(r) for r in rows], crossings
    return best


def _by_barycentre(row: list, fixed: list, neighbours: Mapping) -> list:
    place = {n: i / max(1, len(fixed) - 1) for i, n in enumerate(fixed)}
    key = {}
    for i, node in enumerate(row):
        linked = [place[n] for n in neighbours.get(node, ())]
        key[node] = sum(linked) / len(linked) if linked else i / max(1, len(row) - 1)
    return sorted(row, key=key.get)


def _insert_new(layers: Layers, previous: Mapping) -> list[list]:
    """Known nodes in the order they had; each new one near what it is linked with."""
    rows = []
    for row in layers.rows:
        known = sorted((n for n in row if n in previous), key=previous.get)
        fixed = rows[-1] if rows else []
        for node in (n for n in row if n not in previous):
            known.insert(_best_place(node, known, fixed, layers), node)
        rows.append(known)
    return rows


def _best_place(node, row: list, above: list, layers: Layers) -> int:
    place = {n: i for i, n in enumerate(above)}
    mine = [place[n] for n in layers.up.get(node, ()) if n in place]
    if not mine:
        return len(row)
    wanted = sum(mine) / len(mine)
    centres = []
    for other in row:
        theirs = [place[n] for n in layers.up.get(other, ()) if n in place]
        centres.append(sum(theirs) / len(theirs) if theirs else (centres[-1] if centres else 0))
    return bisect_left(sorted(centres), wanted)


def _transpose(layers: Layers, rows: list[list], frozen: Mapping) -> list[list]:
    """Swap neighbours while it removes crossings; two frozen nodes keep their order."""
    improved = True
    while improved:
        improved = False
        for i, row in enumerate(rows):
            places = [
                {n: k for k, n in enumerate(rows[j])} if 0 <= j < len(rows) else {}
                for j in (i - 1, i + 1)
            ]
            for k in range(len(row) - 1):
                a, b = row[k], row[k + 1]
                if a in frozen and b in frozen:
                    continue
                gain = _gain(a, b, layers, places)
                # At no cost, a node with a companion on its right goes where there is room for it.
                if gain > 0 or (gain == 0 and a in layers.heavy and b not in layers.heavy):
                    row[k], row[k + 1] = b, a
                    improved = True
    return rows


def _gain(a, b, layers: Layers, places: list[dict]) -> int:
    gain = 0
    for neighbours, place in zip((layers.up, layers.down), places, strict=True):
        left = sorted(place[n] for n in neighbours.get(a, ()))
        right = sorted(place[n] for n in neighbours.get(b, ()))
        crossed = sum(bisect_left(right, x) for x in left)
        swapped = sum(bisect_left(left, x) for x in right)
        gain += crossed - swapped
    return gain
