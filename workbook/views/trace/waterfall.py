"""The waterfall of one request: a bar a step, under the step that caused it, across the broker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workbook.views.canvas import theme as themes
from workbook.views.canvas.geometry import Box, polyline, rounded, tick
from workbook.views.canvas.glyphs import fit, text_width
from workbook.views.canvas.health import HealthSign
from workbook.views.canvas.picture import Picture, notice
from workbook.views.canvas.scene import Scene
from workbook.views.canvas.theme import Theme, service_colours, theme_named
from workbook.views.canvas.words import duration, plural
from workbook.views.trace.spans import Span, as_words, outline, services_of, tree, walk

_WIDTH, _SIDE, _NAMES = 960, 20, 356
_TOP, _ROW, _BAR, _INDENT = 86, 25, 13, 12
# Room right of the last bar for what is said of it.
_RIGHT = 112
_DEEPEST, _MOST_MARKS = 9, 7


def waterfall(spans: Iterable[Mapping], theme: str | Theme = "light") -> Picture:
    """Draw the spans of one trace (span lines as dictionaries) in the order they caused each other.

    Without spans the picture says what to do.
    """
    roots, paint = tree(list(spans)), theme_named(theme)
    if not roots:
        return notice(paint)
    return _Waterfall(roots, paint).picture()


class _Waterfall:
    def __init__(self, roots: list[Span], paint: Theme) -> None:
        self._roots, self._paint = roots, paint
        self._rows = list(walk(roots))
        self._start = min(s.start for s in self._rows)
        self._length = max(max(s.end for s in self._rows) - self._start, 1e-6)
        self._colours = service_colours(services_of(roots))
        self._left = _SIDE + _NAMES
        self._pixels = (_WIDTH - self._left - _RIGHT) / self._length
        self._bottom = _TOP + _ROW * len(self._rows)
        colours = themes.palette(paint, tuple(self._colours.values()))
        self._scene = Scene(_WIDTH, self._bottom + 50, paint.background, colours)

    def picture(self) -> Picture:
        self._write_header()
        self._draw_axis()
        for i, span in enumerate(self._rows):
            self._draw_row(span, _TOP + _ROW * (i + 0.5))
        self._draw_legend(self._bottom + 28)
        said = as_words(self._roots, "Trace", *self._facts())
        return Picture(self._scene, said, f"Trace, étape par étape.\n{outline(self._roots)}")

    def _facts(self) -> list[str]:
        return [plural(len(self._rows), "étape"), plural(len(self._colours), "participant")]

    def _x(self, moment: float) -> float:
        return self._left + (moment - self._start) * self._pixels

    def _write_header(self) -> None:
        first = self._roots[0]
        facts = [first.status, duration(self._length), *self._facts()]
        right = self._scene.label(
            _WIDTH - _SIDE,
            28,
            "   ·   ".join(f for f in facts if f),
            size=11,
            colour=self._paint.sub,
            anchor="right",
        )
        room = _WIDTH - 2 * _SIDE - right.width - 24
        title, size = fit(f"Trace de {first.route}", room, 15.5, 11, True)
        self._scene.label(_SIDE, 28, title, size=size, colour=self._paint.ink, bold=True)

    def _draw_axis(self) -> None:
        step = tick(self._length, _MOST_MARKS)
        for i in range(int(self._length / step) + 1):
            x = self._left + i * step * self._pixels
            path = polyline([(x, _TOP - 8), (x, self._bottom)])
            self._scene.shape(path, 0, stroke=self._paint.grid, line=1)
            self._scene.label(
                x,
                _TOP - 19,
                duration(i * step),
                size=9.6,
                colour=self._paint.faint,
                anchor="center",
            )

    def _draw_row(self, span: Span, y: float) -> None:
        depth = min(span.depth, _DEEPEST)
        x = _SIDE + depth * _INDENT
        if span.parent is not None:
            parent_y = _TOP + _ROW * (self._rows.index(span.parent) + 0.5)
            elbow = [(x - 8, parent_y + 8), (x - 8, y), (x - 2, y)]
            self._scene.shape(polyline(elbow), 0.5, stroke=self._paint.border, line=1)
        self._name(span, x, y)
        self._draw_wait(span, y)
        self._draw_bar(span, y)

    def _name(self, span: Span, x: float, y: float) -> None:
        paint, colour = self._paint, self._colours[span.service]
        self._scene.shape(rounded(Box(x + 5, y, 9, 9), 2.5), 2, fill=colour)
        who, what = _titles(span)
        room = self._left - 14 - (x + 15)
        who, size = fit(who, room, 10.8, 9, True)
        self._scene.label(x + 15, y, who, size=size, colour=paint.ink, bold=True)
        taken = text_width(who, size, True) + 8
        if room - taken > 30:
            what, size = fit(what, room - taken, 10, 9)
            self._scene.label(x + 15 + taken, y, what, size=size, colour=paint.sub)

    def _draw_wait(self, span: Span, y: float) -> None:
        """The time a message spent in its queue."""
        since = span.waiting_since
        if since is None:
            return
        x0, x1 = self._x(since), self._x(span.start)
        wait = [(x0, y), (max(x1, x0 + 1), y)]
        self._scene.shape(polyline(wait), 1, stroke=themes.ASYNC, line=2, dash=(4, 4))
        words = f"en file {duration(span.start - since)}"
        width = text_width(words, 9.4)
        if x1 - x0 > width + 16:
            self._scene.label(
                (x0 + x1) / 2,
                y,
                words,
                size=9.4,
                colour=self._paint.async_ink,
                anchor="center",
                plate=self._paint.background,
            )

    def _draw_bar(self, span: Span, y: float) -> None:
        colour, ground = self._colours[span.service], self._paint.background
        x0, x1 = self._x(span.start), self._x(span.end)
        box = Box((x0 + x1) / 2, y, max(3.0, x1 - x0), _BAR)
        pale = span.kind == "client"
        stroke = themes.DOWN if span.error else colour
        self._scene.shape(
            rounded(box, 4),
            3,
            fill=themes.mix(ground, colour, 0.25) if pale else colour,
            stroke=stroke,
            line=2.2 if span.error else 1.2 if pale else 0.0,
        )
        self._measure(span, box)

    def _measure(self, span: Span, box: Box) -> None:
        paint = self._paint
        words = duration(span.duration)
        x = box.right + 7
        if span.error:
            HealthSign(self._scene, paint, x + 6, box.y, 5.4).show("down")
            words = f"{span.status or 'échec'} · {words}"
            x += 17
        ink = paint.down_ink if span.error else paint.sub
        self._scene.label(x, box.y, words, size=9.8, colour=ink, bold=span.error)

    def _draw_legend(self, y: float) -> None:
        paint, colour = self._paint, next(iter(self._colours.values()))
        pale, x = themes.mix(paint.background, colour, 0.25), float(_SIDE)
        items = (
            ("travail du service", {"fill": colour}),
            ("attente d’une réponse", {"fill": pale, "stroke": colour, "line": 1.2}),
            ("erreur", {"fill": colour, "stroke": themes.DOWN, "line": 2.2}),
        )
        for words, look in items:
            self._scene.shape(rounded(Box(x + 13, y, 26, 11), 4), 3, **look)
            x = self._legend_word(x + 33, y, words)
        if any(s.waiting_since is not None for s in self._rows):
            path = polyline([(x, y), (x + 26, y)])
            self._scene.shape(path, 3, stroke=themes.ASYNC, line=2, dash=(4, 4))
            x = self._legend_word(x + 33, y, "message en file")
        self._legend_word(x, y, "une couleur par service")

    def _legend_word(self, x: float, y: float, words: str) -> float:
        text, size = fit(words, _WIDTH - _SIDE - x, 10, 9)
        self._scene.label(x, y, text, size=size, colour=self._paint.sub)
        return x + text_width(text, size) + 18


def _titles(span: Span) -> tuple[str, str]:
    """Who does it, and what it is."""
    if span.kind == "client":
        return f"{span.service} → {span.callee}", span.route
    if span.kind == "producer":
        return span.service, f"publie {span.routing_key}"
    if span.kind == "consumer":
        return span.service, f"reçoit {span.routing_key}"
    return span.service, span.route
