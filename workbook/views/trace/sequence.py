"""The sequence diagram of one request: who asked whom, in order, through HTTP and the broker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workbook.views.canvas import theme as themes
from workbook.views.canvas.geometry import Box, arrow_head, open_head, polyline, rounded
from workbook.views.canvas.glyphs import fit, text_width
from workbook.views.canvas.picture import Picture, notice
from workbook.views.canvas.scene import Scene
from workbook.views.canvas.theme import Theme, service_colours, theme_named
from workbook.views.canvas.words import duration, plural
from workbook.views.trace.spans import (
    BROKER,
    CLIENT,
    Span,
    as_words,
    outline,
    services_of,
    tree,
    walk,
)

_SIDE, _TIMES, _HEADER, _ROW = 20, 58, 54, 30
_HEAD_HEIGHT, _BAR = 30, 9
_NARROWEST, _WIDEST, _COLUMN = 760, 1000, 108
_WORDS, _SMALLEST = 10.2, 8.8
# More rows than this and nobody reads them: the rest is counted.
_MOST = 80


def sequence(spans: Iterable[Mapping], theme: str | Theme = "light") -> Picture:
    """Draw one trace (span lines as dictionaries) as a UML sequence diagram.

    Solid arrows are calls, thin dashed ones answers, indigo dashed ones messages. Without spans the
    picture says what to do.
    """
    roots, paint = tree(list(spans)), theme_named(theme)
    arrows = sorted(_arrows(roots), key=lambda m: m.time)
    if not arrows:
        return notice(paint)
    return _Diagram(roots, arrows, paint).picture()


@dataclass(frozen=True)
class Arrow:
    """One arrow. Kind: call, answer, publish or deliver."""

    time: float
    source: str
    target: str
    kind: str
    words: str
    wrong: bool = False


def _arrows(roots: list[Span]) -> Iterator[Arrow]:
    for span in walk(roots):
        if span.kind == "client":
            yield from _call(span, span.service, span.callee)
        elif span.kind == "server" and (span.parent is None or span.parent.kind != "client"):
            yield from _call(span, CLIENT, span.service)
        elif span.kind == "producer":
            yield Arrow(span.start, span.service, BROKER, "publish", span.routing_key, span.error)
        elif span.kind == "consumer":
            yield Arrow(span.start, BROKER, span.service, "deliver", span.routing_key)
            if span.error:
                yield Arrow(span.end, span.service, BROKER, "answer", "échec", wrong=True)


def _call(span: Span, caller: str, callee: str) -> Iterator[Arrow]:
    yield Arrow(span.start, caller, callee, "call", span.route)
    answer = f"{span.status or 'aucune réponse'} · {duration(span.duration)}"
    refused = span.status[:1] in ("4", "5")
    yield Arrow(span.end, callee, caller, "answer", answer, span.error or refused)


class _Diagram:
    def __init__(self, roots: list[Span], arrows: list[Arrow], paint: Theme) -> None:
        self._roots, self._paint = roots, paint
        self._arrows, self._left_out = arrows[:_MOST], len(arrows) - _MOST
        self._start = arrows[0].time
        self._people = list(dict.fromkeys(p for m in self._arrows for p in (m.source, m.target)))
        self._colours = service_colours(services_of(roots))
        width = max(_NARROWEST, 2 * _SIDE + _TIMES + self._widest() * len(self._people))
        self._column = (width - 2 * _SIDE - _TIMES) / len(self._people)
        self._first_row = _HEADER + _HEAD_HEIGHT + 30
        self._bottom = self._first_row + _ROW * len(self._arrows)
        extra = 24 if self._left_out > 0 else 0
        colours = themes.palette(paint, tuple(self._colours.values()))
        self._scene = Scene(width, self._bottom + 44 + extra, paint.background, colours)

    def picture(self) -> Picture:
        self._write_header()
        for person in self._people:
            self._draw_lifeline(person)
        for span in walk(self._roots):
            self._draw_activity(span)
        for row, arrow in enumerate(self._arrows):
            self._draw_arrow(arrow, self._y(row), row)
        self._draw_footer()
        said = as_words(self._roots, "Séquence", *self._facts())
        return Picture(self._scene, said, f"Séquence des échanges.\n{outline(self._roots)}")

    def _facts(self) -> list[str]:
        exchanged = len(self._arrows) + max(0, self._left_out)
        return [plural(len(self._people), "participant"), plural(exchanged, "échange")]

    def _widest(self) -> float:
        """A column that holds every name, and what is said between neighbours if there is room."""
        place = {p: i for i, p in enumerate(self._people)}
        words = [
            (text_width(m.words, _WORDS) + 22) / max(1, abs(place[m.source] - place[m.target]))
            for m in self._arrows
        ]
        names = [text_width(p, _SMALLEST, True) + 28 for p in self._people]
        room = (_WIDEST - 2 * _SIDE - _TIMES) / len(self._people)
        return max(_COLUMN, *names, min(room, max(words)))

    def _x(self, person: str) -> float:
        return _SIDE + _TIMES + self._column * (self._people.index(person) + 0.5)

    def _y(self, row: int) -> float:
        return self._first_row + row * _ROW

    def _write_header(self) -> None:
        right = self._scene.label(
            self._scene.width - _SIDE,
            28,
            "   ·   ".join(self._facts()),
            size=11,
            colour=self._paint.sub,
            anchor="right",
        )
        room = self._scene.width - 2 * _SIDE - right.width - 24
        title, size = fit(f"Séquence de {self._roots[0].route}", room, 15.5, 11, True)
        self._scene.label(_SIDE, 28, title, size=size, colour=self._paint.ink, bold=True)

    def _draw_lifeline(self, person: str) -> None:
        paint, x = self._paint, self._x(person)
        broker = person == BROKER
        colour = themes.ASYNC if broker else self._colours.get(person, paint.faint)
        line = polyline([(x, _HEADER + _HEAD_HEIGHT), (x, self._bottom)])
        self._scene.shape(line, 0, stroke=paint.border, line=1.2, dash=(5, 4))
        box = Box(x, _HEADER + _HEAD_HEIGHT / 2, self._column - 14, _HEAD_HEIGHT)
        fill = paint.band if broker else paint.card
        self._scene.shape(rounded(box, 15 if broker else 7), 3, fill=fill, stroke=colour, line=1.8)
        words, size = fit(person, box.width - 12, 11, _SMALLEST, True)
        self._scene.label(x, box.y, words, size=size, colour=paint.ink, bold=True, anchor="center")

    def _draw_activity(self, span: Span) -> None:
        """The bar on the lifeline while a service works on the request."""
        if span.kind not in ("server", "consumer") and span.service != CLIENT:
            return
        rows = [i for i, m in enumerate(self._arrows) if span.start <= m.time <= span.end]
        outer = self._surrounding(span)
        if outer is not None:
            rows += outer
        if not rows or span.service not in self._people:
            return
        top, bottom = self._y(min(rows)), self._y(max(rows))
        if span.kind == "consumer":
            bottom += 12
        x, colour = self._x(span.service), self._colours[span.service]
        box = Box(x, (top + bottom) / 2, _BAR, max(12.0, bottom - top))
        self._scene.shape(rounded(box, 3), 1, fill=colour, stroke=self._paint.background, line=1)

    def _surrounding(self, span: Span) -> list[int] | None:
        """The rows of the call that caused a server span: the bar goes from arrow to arrow."""
        caller = span.parent if span.parent and span.parent.kind == "client" else span
        if span.kind != "server":
            return None
        return [i for i, m in enumerate(self._arrows) if m.time in (caller.start, caller.end)]

    def _draw_arrow(self, arrow: Arrow, y: float, row: int) -> None:
        x0, x1 = self._x(arrow.source), self._x(arrow.target)
        way = 1 if x1 >= x0 else -1
        start, end = x0 + way * _BAR / 2, x1 - way * (_BAR / 2 + 1)
        look = self._look(arrow)
        points = [(start, y), (end, y)]
        if arrow.source == arrow.target:
            points = [(x0 + 5, y - 7), (x0 + 40, y - 7), (x0 + 40, y + 5), (x0 + 6, y + 5)]
            end, y, way = x0 + 6, y + 5, -1
        self._scene.shape(polyline(points), 2, **look)
        if arrow.kind == "answer":
            self._scene.shape(
                open_head(end, y, way, 0), 2, stroke=look["stroke"], line=look["line"]
            )
        else:
            self._scene.shape(arrow_head(end, y, way, 0), 2, fill=look["stroke"])
        self._write(arrow, (start + end) / 2, y - 9, abs(x1 - x0))
        self._write_time(arrow, y, row)

    def _look(self, arrow: Arrow) -> dict:
        if arrow.kind in ("publish", "deliver"):
            colour = themes.DOWN if arrow.wrong else themes.ASYNC
            return {"stroke": colour, "line": 1.8, "dash": (7, 4.4)}
        colour = themes.DOWN if arrow.wrong else self._paint.call
        if arrow.kind == "answer":
            return {"stroke": colour, "line": 1.3, "dash": (4, 3.4)}
        return {"stroke": colour, "line": 1.9, "dash": None}

    def _write(self, arrow: Arrow, x: float, y: float, room: float) -> None:
        paint = self._paint
        quiet = arrow.kind == "answer"
        ink = paint.sub if quiet else paint.ink
        if arrow.kind in ("publish", "deliver"):
            ink = paint.async_ink
        if arrow.wrong:
            ink = paint.down_ink
        size = 9.6 if quiet else _WORDS
        words, size = fit(arrow.words, max(room - 20, 60), size, _SMALLEST, arrow.wrong)
        half = text_width(words, size, arrow.wrong) / 2
        low, high = _SIDE + _TIMES + half, self._scene.width - 8 - half
        self._scene.label(
            max(low, min(x, high)),
            y,
            words,
            size=size,
            colour=ink,
            bold=arrow.wrong,
            anchor="center",
            plate=paint.background,
        )

    def _write_time(self, arrow: Arrow, y: float, row: int) -> None:
        if arrow.kind == "answer":
            return
        words = f"+ {duration(arrow.time - self._start)}" if row else "0"
        self._scene.label(
            _SIDE + _TIMES - 10, y, words, size=9.4, colour=self._paint.faint, anchor="right"
        )

    def _draw_footer(self) -> None:
        paint, y, x = self._paint, self._scene.height - 20, float(_SIDE)
        if self._left_out > 0:
            words = f"… et {plural(self._left_out, 'échange')} de plus"
            self._scene.label(x, y - 24, words, size=10.4, colour=paint.sub, bold=True)
        for words, kind in (("appel", "call"), ("réponse", "answer"), ("message", "publish")):
            look = self._look(Arrow(0, "", "", kind, ""))
            self._scene.shape(polyline([(x, y), (x + 26, y)]), 2, **look)
            self._scene.label(x + 33, y, words, size=10, colour=paint.sub)
            x += 33 + text_width(words, 10) + 18
