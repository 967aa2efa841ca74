"""A bet and its measure on one axis: a scale for numbers, rows for choices, two columns for orders.

The bet is a hollow diamond, the measure a full disc: told apart without colour.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from workbook.bets.book import Bet
from workbook.bets.question import Choice, Number, Ordering
from workbook.views.canvas.geometry import Box, circle, diamond, polyline, rounded, tick
from workbook.views.canvas.glyphs import fit, text_width
from workbook.views.canvas.picture import Picture
from workbook.views.canvas.scene import Scene
from workbook.views.canvas.spoken import Words
from workbook.views.canvas.theme import Theme, theme_named
from workbook.views.canvas.words import NBSP, number

WIDTH, SIDE = 760, 24
TOP, ROW = 62, 34
BET, MEASURE = "votre pari", "mesuré ici"
BLUE, BROWN = "#3B82C4", "#C0681C"  # both stand out on either page
_MOST_MARKS = 7


def compare(bet: Bet, theme: str | Theme = "light") -> Picture:
    """Draw what was bet, if anything was, and the latest measure."""
    paint = theme_named(theme)
    scene = _PICTURES[type(bet.question)](bet, paint)
    return Picture(scene, words(bet))


def words(bet: Bet) -> Words:
    """The picture in words; what was bet and measured stands in the table alone."""
    sentence = f"{bet.question.text} Le pari et la mesure, sur un même axe."
    made = bet.question.say(bet.answer) if bet.made else "pas de pari"
    rows = [
        ("Votre pari", made, str(bet.certainty or "")),
        ("Mesuré ici", bet.question.say(bet.latest), ""),
    ]
    return Words(sentence, ("", "Réponse", "Certitude"), rows, left=3, measured=(1, 2))


def _page(bet: Bet, height: float, paint: Theme) -> Scene:
    scene = Scene(WIDTH, height, paint.background)
    title, size = fit(bet.question.text, WIDTH - 2 * SIDE, 15, 10.5, True)
    scene.label(SIDE, 28, title, size=size, colour=paint.ink, bold=True)
    return scene


def _bet_mark(scene: Scene, x: float, y: float, paint: Theme) -> None:
    scene.shape(diamond(x, y, 9), 3, fill=paint.background, stroke=BLUE, line=2.6)


def _measure_mark(scene: Scene, x: float, y: float) -> None:
    scene.shape(circle(x, y, 8), 3, fill=BROWN)


# -- numbers ---------------------------------------------------------------------------------------


class _Scale:
    """A horizontal axis, linear from 0 or logarithmic, that holds every value it is given."""

    def __init__(self, question: Number, values: Sequence[float]) -> None:
        self.logarithmic = bool(question.factor)
        self.most = max(question.high, *values)
        self.least = min(question.low, *(v for v in values if v > 0 or not self.logarithmic))
        if self.logarithmic:
            self.least = 10 ** math.floor(math.log10(max(self.least, 1)))
            self.most = 10 ** math.ceil(math.log10(self.most))

    def x(self, value: float) -> float:
        low, high, here = self.least, self.most, value
        if self.logarithmic:
            low, high, here = (math.log10(max(v, self.least)) for v in (low, high, value))
        return SIDE + 26 + (WIDTH - 2 * SIDE - 52) * (here - low) / ((high - low) or 1)

    def marks(self) -> Iterator[float]:
        if self.logarithmic:
            first, last = round(math.log10(self.least)), round(math.log10(self.most))
            yield from (10.0**power for power in range(first, last + 1))
            return
        step = max(1, tick(self.most - self.least, _MOST_MARKS))  # what is counted is whole
        start = math.ceil(self.least / step)
        yield from (n * step for n in range(start, int(self.most / step + 1e-9) + 1))


def _draw_number(bet: Bet, paint: Theme) -> Scene:
    scene, axis = _page(bet, 190, paint), 112
    values = [value for value in (bet.answer, bet.latest) if value is not None]
    scale = _Scale(bet.question, values)
    ends = [(SIDE, axis), (WIDTH - SIDE, axis)]
    scene.shape(polyline(ends), 1, stroke=paint.call, line=1.6)
    for value in scale.marks():
        x = scale.x(value)
        scene.shape(polyline([(x, axis - 5), (x, axis + 5)]), 1, stroke=paint.call, line=1.6)
        scene.label(x, axis + 62, number(value), size=10.4, colour=paint.sub, anchor="center")
        scene.shape(polyline([(x, axis + 5), (x, axis + 52)]), 0, stroke=paint.grid, line=1)
    unit = bet.question.unit[1] + (" (échelle logarithmique)" if scale.logarithmic else "")
    scene.label(WIDTH - SIDE, 52, unit, size=10.4, colour=paint.sub, anchor="right")
    if bet.made:
        gap = [(scale.x(bet.answer), axis), (scale.x(bet.latest), axis)]
        scene.shape(polyline(gap), 2, stroke=BROWN, line=5)
        _bet_mark(scene, scale.x(bet.answer), axis, paint)
        _flag(scene, scale.x(bet.answer), axis - 28, BET, bet.question.say(bet.answer), paint)
    _measure_mark(scene, scale.x(bet.latest), axis)
    _flag(scene, scale.x(bet.latest), axis + 28, MEASURE, bet.question.say(bet.latest), paint)
    if bet.made and scale.x(bet.answer) == scale.x(bet.latest):
        _bet_mark(scene, scale.x(bet.answer), axis, paint)
        scene.shape(circle(scale.x(bet.answer), axis, 4), 4, fill=BROWN)
    return scene


def _flag(scene: Scene, x: float, y: float, who: str, what: str, paint: Theme) -> None:
    """Words over or under a mark, wholly on the page."""
    text = f"{who}{NBSP}: {what}"
    half = text_width(text, 12, True) / 2 + 6
    inside = min(max(x, SIDE + half), WIDTH - SIDE - half)
    look = {"size": 12, "colour": paint.ink, "bold": True, "anchor": "center"}
    scene.label(inside, y, text, **look, plate=paint.background)


# -- choices ---------------------------------------------------------------------------------------


def _draw_choice(bet: Bet, paint: Theme) -> Scene:
    options = bet.question.options
    scene = _page(bet, TOP + ROW * len(options) + 26, paint)
    columns = WIDTH - SIDE - 150, WIDTH - SIDE - 40
    for x, head in zip(columns, (BET, MEASURE), strict=True):
        scene.label(x, 54, head, size=10.4, colour=paint.sub, anchor="center")
    for rank, option in enumerate(options):
        y = TOP + ROW * (rank + 0.5) + 6
        box = Box(WIDTH / 2, y, WIDTH - 2 * SIDE, ROW - 6)
        chosen = option in (bet.answer, bet.latest)
        scene.shape(rounded(box, 5), 0, fill=paint.card if chosen else paint.background)
        text, size = fit(option, columns[0] - SIDE - 70, 12, 9, option == bet.latest)
        look = {"size": size, "colour": paint.ink, "bold": option == bet.latest}
        scene.label(SIDE + 12, y, text, **look)
        if option == bet.answer:
            _bet_mark(scene, columns[0], y, paint)
        if option == bet.latest:
            _measure_mark(scene, columns[1], y)
    return scene


# -- orders ----------------------------------------------------------------------------------------


def _draw_ordering(bet: Bet, paint: Theme) -> Scene:
    count = len(bet.question.options)
    scene = _page(bet, TOP + ROW * count + 26, paint)
    made = bet.answer if bet.made else ()
    middle = WIDTH / 2 if made else SIDE - 24  # one column alone stands at the left
    room = WIDTH - SIDE - (middle + 70)
    if made:
        scene.label(middle - 60, 54, BET, size=10.4, colour=paint.sub, anchor="right")
    scene.label(middle + 60, 54, MEASURE, size=10.4, colour=paint.sub)
    for rank, option in enumerate(made):
        look = {"size": 12, "colour": paint.ink, "anchor": "right"}
        _write(scene, middle - 64, rank, f"{option}  {rank + 1}.", room, look)
        stroke = {"stroke": BLUE, "line": 2.4} | ({} if made[rank] == bet.latest[rank] else _MOVED)
        path = [(middle - 44, _y(rank)), (middle + 44, _y(bet.latest.index(option)))]
        scene.shape(polyline(path), 1, **stroke)
        _bet_mark(scene, middle - 44, _y(rank), paint)
    for rank, option in enumerate(bet.latest):
        _measure_mark(scene, middle + 44, _y(rank))
        look = {"size": 12, "colour": paint.ink, "bold": True}
        _write(scene, middle + 64, rank, f"{rank + 1}.  {option}", room, look)
    return scene


_MOVED = {"stroke": BROWN, "dash": (6, 4)}


def _write(scene: Scene, x: float, rank: int, text: str, room: float, look: dict) -> None:
    text, size = fit(text, room, look["size"], 9, look.get("bold", False))
    scene.label(x, _y(rank), text, **{**look, "size": size})


def _y(rank: int) -> float:
    return TOP + ROW * (rank + 0.5) + 6


_PICTURES = {Number: _draw_number, Choice: _draw_choice, Ordering: _draw_ordering}
