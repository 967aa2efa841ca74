"""Plane geometry of the pictures: boxes, curves, and the paths of the shapes we draw.

Coordinates are pixels at scale 1, x to the right and y **down**, as on a screen and in SVG.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from matplotlib.path import Path

_KAPPA = 0.5523


class Box(NamedTuple):
    """A rectangle by its centre."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height / 2

    def overlap(self, other: Box) -> float:
        """The area both cover."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, wide) * max(0.0, high)


@dataclass(frozen=True, eq=False)
class Curve:
    """A polyline that knows its length."""

    points: np.ndarray

    @cached_property
    def lengths(self) -> np.ndarray:
        return np.r_[0, np.cumsum(np.hypot(*np.diff(self.points, axis=0).T))]

    @property
    def length(self) -> float:
        return float(self.lengths[-1])

    def at(self, share: float) -> tuple[float, float]:
        """The point after that share of the length."""
        return self.after(share * self.length)

    def after(self, distance: float) -> tuple[float, float]:
        """The point after so many pixels."""
        x, y = (np.interp(distance, self.lengths, self.points[:, i]) for i in (0, 1))
        return float(x), float(y)

    def end_direction(self) -> tuple[float, float]:
        """Unit vector in which the curve arrives."""
        (x0, y0), (x1, y1) = self.after(self.length - 3), self.points[-1]
        norm = np.hypot(x1 - x0, y1 - y0) or 1.0
        return float((x1 - x0) / norm), float((y1 - y0) / norm)


def bezier(p0, p1, p2, p3, steps: int = 20) -> np.ndarray:
    """Points of a cubic Bézier curve."""
    t = np.linspace(0, 1, steps)[:, None]
    p0, p1, p2, p3 = (np.asarray(p, float) for p in (p0, p1, p2, p3))
    return (1 - t) ** 3 * p0 + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t**2 * p2 + t**3 * p3


def vertical_curve(stops: list[tuple[float, float]]) -> Curve:
    """A curve through the stops that leaves and enters each one vertically.

    Stops go in pairs: from the first to the second a curve, from the second to the third a
    straight line (the way through a row), and so on.
    """
    pieces = []
    for i in range(0, len(stops) - 1, 2):
        (x0, y0), (x1, y1) = stops[i], stops[i + 1]
        bend = (y1 - y0) / 2
        pieces.append(bezier((x0, y0), (x0, y0 + bend), (x1, y1 - bend), (x1, y1)))
    return Curve(np.vstack(pieces))


def polyline(*strokes: list[tuple[float, float]]) -> Path:
    """Open strokes in one path."""
    vertices = [point for stroke in strokes for point in stroke]
    codes = [Path.LINETO if i else Path.MOVETO for stroke in strokes for i, _ in enumerate(stroke)]
    return Path(vertices, codes)


def polygon(points) -> Path:
    """A closed outline."""
    return Path([*points, points[0]], closed=True)


def circle(x: float, y: float, radius: float) -> Path:
    """A disc."""
    return ellipse(x, y, radius, radius)


def ellipse(x: float, y: float, rx: float, ry: float) -> Path:
    """An ellipse by its half axes."""
    unit = Path.unit_circle()
    return Path(unit.vertices * (rx, ry) + (x, y), unit.codes)


def rounded(box: Box, radius: float = 8) -> Path:
    """A rectangle with round corners."""
    r = min(radius, box.width / 2, box.height / 2)
    left, right, top, bottom = box.left, box.right, box.top, box.bottom
    k = r * (1 - _KAPPA)
    vertices = [
        (left + r, top),
        (right - r, top),
        (right - k, top),
        (right, top + k),
        (right, top + r),
        (right, bottom - r),
        (right, bottom - k),
        (right - k, bottom),
        (right - r, bottom),
        (left + r, bottom),
        (left + k, bottom),
        (left, bottom - k),
        (left, bottom - r),
        (left, top + r),
        (left, top + k),
        (left + k, top),
        (left + r, top),
        (left + r, top),
    ]
    corner = [Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    return Path(vertices, [Path.MOVETO, *corner * 4, Path.CLOSEPOLY])


def cylinder(box: Box) -> Path:
    """A database: body and lid."""
    lid = box.height * 0.15
    left, right, top, bottom = box.left, box.right, box.top + lid, box.bottom - lid
    low = bottom + lid * 1.33
    body = Path(
        [(left, top), (left, bottom), (left, low), (right, low), (right, bottom), (right, top)],
        [Path.MOVETO, Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO],
    )
    return Path.make_compound_path(body, ellipse(box.x, top, box.width / 2, lid))


def arrow_head(x: float, y: float, dx: float, dy: float, size: float = 9) -> Path:
    """A solid head whose tip is at (x, y), coming along the unit vector (dx, dy)."""
    back, half, notch = size, size * 0.48, size * 0.75
    return polygon(
        [
            (x, y),
            (x - back * dx - half * dy, y - back * dy + half * dx),
            (x - notch * dx, y - notch * dy),
            (x - back * dx + half * dy, y - back * dy - half * dx),
        ]
    )


def open_head(x: float, y: float, dx: float, dy: float, size: float = 8) -> Path:
    """The open head of a reply."""
    half = size * 0.5
    return polyline(
        [
            (x - size * dx - half * dy, y - size * dy + half * dx),
            (x, y),
            (x - size * dx + half * dy, y - size * dy - half * dx),
        ]
    )


def diamond(x: float, y: float, radius: float) -> Path:
    """A request that failed."""
    return polygon([(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)])


def person(x: float, y: float) -> Path:
    """Head and shoulders."""
    shoulders = Path(
        [(x - 7.5, y + 9), (x - 7.5, y - 2), (x + 7.5, y - 2), (x + 7.5, y + 9), (x - 7.5, y + 9)],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.CLOSEPOLY],
    )
    return Path.make_compound_path(shoulders, circle(x, y - 5, 4.2))


def health_outline(health: str, x: float, y: float, r: float) -> Path:
    """The shape that tells the health without colour."""
    if health == "warn":
        return polygon(
            [(x, y - 1.2 * r), (x + 1.18 * r, y + 0.85 * r), (x - 1.18 * r, y + 0.85 * r)]
        )
    if health == "down":
        angles = np.pi / 8 + np.arange(8) * np.pi / 4
        return polygon(np.c_[x + 1.08 * r * np.cos(angles), y + 1.08 * r * np.sin(angles)].tolist())
    return circle(x, y, r)


_MARKS = {
    "ok": [[(-0.45, 0), (-0.1, 0.4), (0.5, -0.42)]],
    "down": [[(-0.4, -0.4), (0.4, 0.4)], [(-0.4, 0.4), (0.4, -0.4)]],
    "warn": [[(0, -0.42), (0, 0.22)], [(0, 0.55), (0, 0.57)]],
    "idle": [[(-0.45, 0), (0.45, 0)]],
    "starting": [[(0, -0.55), (0, 0), (0.4, 0.22)]],
}


def health_mark(health: str, x: float, y: float, r: float) -> Path:
    """What is drawn inside the outline: a tick, a cross, an exclamation mark…"""
    return polyline(*([(x + a * r, y + b * r) for a, b in s] for s in _MARKS[health]))


def switch(x: float, y: float, *, opened: bool) -> Path:
    """The blade of a circuit breaker."""
    lift = 4.2 if opened else 1.8
    return polyline(
        [(x - 7.5, y), (x - 3, y)], [(x - 3, y), (x + 2.6, y - lift)], [(x + 3, y), (x + 7.5, y)]
    )


def tick(length: float, most: int) -> float:
    """The round step (1, 2 or 5 times a power of ten) that puts at most so many marks."""
    step = 1e-6
    while True:
        for factor in (1, 2, 5):
            if length / (step * factor) <= most:
                return step * factor
        step *= 10
