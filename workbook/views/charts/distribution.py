"""Cumulative distributions: which share of the measures is at most so long."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from workbook.views.canvas.geometry import polyline
from workbook.views.canvas.picture import Picture, notice
from workbook.views.canvas.spoken import Words
from workbook.views.canvas.theme import Theme, theme_named
from workbook.views.canvas.words import NBSP, duration, headed, number, percent
from workbook.views.charts.sheet import GRID, MARKS, SIDE, Sheet

_HEIGHT = 240
_SHARES = (0.5, 0.95, 0.99)
_HEAD = ("Série", "Mesures", *(f"p{round(100 * share)}" for share in _SHARES), "Maximum")
_NOTHING = f"Aucune mesure à montrer{NBSP}: exécutez d’abord la cellule qui mesure."


def distribution(
    samples: Mapping[str, Sequence[float]],
    *,
    title: str,
    unit: str = "s",
    theme: str | Theme = "light",
) -> Picture:
    """Draw one step curve a series: the share of its measures (0 to 100 %) at or under a value.

    `samples` is {series: measures ≥ 0}, in any order; in seconds, or in another `unit` that is
    then written after the axis. A series without a measure is left out.
    """
    paint = theme_named(theme)
    series = {name: sorted(values) for name, values in samples.items() if values}
    if not series:
        return notice(paint, _NOTHING)
    said = duration if unit == "s" else number
    most = max(values[-1] for values in series.values())
    room = {"height": _HEIGHT, "left": SIDE + 44, "most": most}
    sheet = Sheet(title, list(series), **room, paint=paint, lines=True)
    sheet.draw_axis("durée" if unit == "s" else unit, said)
    _draw_shares(sheet)
    for name, values in series.items():
        _draw(sheet, name, values)
    return Picture(sheet.scene, _words(title, series, said))


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest of sorted `values` that at least `share` (0 to 1) of them do not exceed."""
    return values[max(0, math.ceil(share * len(values)) - 1)]


def _draw_shares(sheet: Sheet) -> None:
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = _y(sheet, share)
        line = polyline([(sheet.left, y), (sheet.right, y)])
        sheet.scene.shape(line, GRID, stroke=sheet.paint.grid, line=1)
        sheet.write(sheet.left - 8, y, percent(share), anchor="right")


def _draw(sheet: Sheet, name: str, values: Sequence[float]) -> None:
    points, y = [], _y(sheet, 0)
    for rank, value in enumerate(values, 1):
        points.append((sheet.x(value), y))
        y = _y(sheet, rank / len(values))
        points.append((sheet.x(value), y))
    points.append((sheet.right, y))
    colour, dash = sheet.looks[name]
    sheet.scene.shape(polyline(points), MARKS, stroke=colour, line=2.2, dash=dash)


def _y(sheet: Sheet, share: float) -> float:
    return sheet.bottom - (sheet.bottom - sheet.top) * share


def _words(title: str, series: Mapping[str, Sequence], said: Callable[[float], str]) -> Words:
    sentence = headed(title, "la part des mesures au plus égales à une valeur")
    rows = [
        (
            name,
            number(len(values)),
            *(said(quantile(values, share)) for share in _SHARES),
            said(values[-1]),
        )
        for name, values in series.items()
    ]
    return Words(
        f"{sentence}, pour {', '.join(series)}.", _HEAD, rows, measured=range(1, len(_HEAD))
    )
