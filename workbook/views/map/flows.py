"""The edges of the map: how a rate, an error share and a breaker become a line and its words."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from workbook.views.canvas import theme
from workbook.views.canvas.geometry import Box, Curve, arrow_head, circle, diamond, polyline, switch
from workbook.views.canvas.scene import Scene, Shape
from workbook.views.canvas.theme import Theme
from workbook.views.canvas.words import duration, number, percent
from workbook.views.layout.measure import KEY, LABEL, key_lines
from workbook.views.layout.ranks import BROKER_EDGES

LINES, HEADS, REQUESTS, WORDS = 1, 2, 2.5, 6
_DASHED, _DOTTED, _CUT = (7, 4.4), (1.2, 3.2), (5, 4)


@dataclass(frozen=True)
class EdgeLook:
    """What an edge looks like at one moment; `line` in pixels, `requests` dots, some `failing`."""

    colour: str
    line: float
    dash: tuple[float, ...] | None
    words: str
    ink: str
    bold: bool
    requests: int = 0
    failing: int = 0


def flow(edge: Mapping, paint: Theme, *, dead: bool = False) -> EdgeLook:
    """The look of an edge; `dead` if it carries what could not be delivered."""
    rate = edge.get("rate") or 0
    line = 1.2 + 1.2 * math.log10(1 + rate) if rate else 1.1
    if edge.get("kind", "http") in BROKER_EDGES:
        return _message_flow(edge, paint, rate, line, dead)
    return _call_flow(edge, paint, rate, line)


def _message_flow(edge: Mapping, paint: Theme, rate: float, line: float, dead: bool) -> EdgeLook:
    colour = theme.DOWN if dead else theme.ASYNC if rate else paint.faint
    ink = paint.down_ink if dead else paint.async_ink
    words = "" if edge.get("kind") == "consume" else "\n".join(key_lines(edge))
    return EdgeLook(colour, line, _DASHED, words, ink, False, _dots(rate))


def _call_flow(edge: Mapping, paint: Theme, rate: float, line: float) -> EdgeLook:
    errors, breaker = edge.get("error_rate") or 0, edge.get("breaker")
    dots = _dots(rate)
    failing = max(1, round(dots * errors)) if dots and errors >= 0.01 else 0
    if breaker == "open":
        return EdgeLook(
            theme.DOWN, max(line, 1.8), _CUT, "coupé", paint.down_ink, True, dots, failing
        )
    if not rate and breaker != "half_open":
        return EdgeLook(paint.faint, line, _DOTTED, "", paint.sub, False)
    if errors >= 0.1:
        colour, ink = theme.DOWN, paint.down_ink
    elif errors >= 0.01 or breaker == "half_open":
        colour, ink = theme.WARN, paint.warn_ink
    else:
        colour, ink = paint.call, paint.sub
    words = f"{number(rate)}/s" if rate else "à l’essai"
    if errors >= 0.01:
        words += f" · {percent(errors)} err"
    elif rate and edge.get("p95") is not None:
        words += f" · {duration(edge['p95'])}"
    return EdgeLook(colour, line, None, words, ink, errors >= 0.01, dots, failing)


def _dots(rate: float) -> int:
    return max(1, min(6, round(math.log2(1 + rate)))) if rate else 0


class EdgeLine:
    """One edge: line, head, words, breaker, and the requests on their way."""

    def __init__(
        self,
        scene: Scene,
        paint: Theme,
        edge: tuple,
        curve: Curve,
        label: Box | None,
        breaker: Box | None,
        plate: str,
        dead: bool,
    ) -> None:
        self._scene, self._paint, self.edge, self.curve = scene, paint, edge, curve
        self._dead = dead
        self._line = scene.shape(polyline(curve.points.tolist()), LINES)
        dx, dy = curve.end_direction()
        x, y = curve.points[-1]
        self._head = scene.shape(arrow_head(x + 5.5 * dx, y + 5.5 * dy, dx, dy), HEADS)
        self._words = label and scene.label(
            label.x,
            label.y,
            size=LABEL if breaker else KEY,
            colour=paint.sub,
            anchor="center",
            level=WORDS,
            plate=plate,
        )
        self._switch = breaker and BreakerSign(scene, paint, breaker.x, breaker.y)
        self._dots: list[Shape] = []
        self.flow: EdgeLook | None = None

    @property
    def plate(self) -> Box | None:
        """What the words cover, if there are any."""
        return self._words.box if self._words and self._words.text else None

    def update(self, edge: Mapping, *, requests: bool) -> None:
        """Show another state of the same edge."""
        if self._switch:
            self._switch.show(edge.get("breaker"))
        new = flow(edge, self._paint, dead=self._dead)
        if new != self.flow:
            self.flow = new
            self._line.set(stroke=new.colour, line=new.line, dash=new.dash)
            self._head.set(fill=new.colour)
            if self._words:
                self._words.set(new.words, new.ink, bold=new.bold)
            self._forget_requests()
        if not requests:
            self._forget_requests()
        elif not self._dots:
            self._place_requests()

    def _forget_requests(self) -> None:
        for dot in self._dots:
            dot.set(visible=False)
            dot.layer.shapes.remove(dot)
        self._dots = []

    def _place_requests(self) -> None:
        """A still picture of the requests; where they are depends on the edge's name only."""
        count = min(self.flow.requests, max(1, int(self.curve.length / 34)))
        count = 0 if not self.flow.requests else count
        phase = zlib.crc32(repr(self.edge).encode()) % 97 / 97
        for i in range(count):
            # Clear of the caller's border and of the head.
            x, y = self.curve.after(8 + (self.curve.length - 22) * ((i + phase) / count % 1))
            bad = i < self.flow.failing
            self._dots.append(
                self._scene.shape(
                    diamond(x, y, 4.4) if bad else circle(x, y, 3.1),
                    REQUESTS,
                    fill=self._paint.card,
                    stroke=theme.DOWN if bad else self.flow.colour,
                    line=1.6,
                )
            )


class BreakerSign:
    """A switch: red and open, amber when it lets a trial through, nothing when closed."""

    def __init__(self, scene: Scene, paint: Theme, x: float, y: float) -> None:
        self._x, self._y = x, y
        self._disc = scene.shape(circle(x, y, 8), WORDS + 0.3, fill=paint.card, line=1.8)
        self._blade = scene.shape(switch(x, y, opened=True), WORDS + 0.4, line=1.8)
        self.show(None)

    def show(self, state: str | None) -> None:
        """Show open, half_open, or nothing."""
        shown = state in ("open", "half_open")
        colour = theme.DOWN if state == "open" else theme.WARN
        if shown:
            self._blade.set(path=switch(self._x, self._y, opened=state == "open"), stroke=colour)
            self._disc.set(stroke=colour)
        self._disc.set(visible=shown)
        self._blade.set(visible=shown)
