"""Horizontal bars, each made of parts."""

from __future__ import annotations

from collections.abc import Mapping

from workbook.views.canvas.geometry import Box, rounded
from workbook.views.canvas.glyphs import text_width
from workbook.views.canvas.picture import Picture
from workbook.views.canvas.spoken import Words
from workbook.views.canvas.theme import Theme, theme_named
from workbook.views.canvas.words import headed, number
from workbook.views.charts.sheet import MARKS, SIDE, Sheet

_ROW, _BAR = 34, 22
_NOTE = "Remarque"


def bars(
    rows: Mapping[str, Mapping[str, float]],
    *,
    title: str,
    unit: str,
    notes: Mapping[str, str] | None = None,
    theme: str | Theme = "light",
) -> Picture:
    """Draw one bar a row, its parts one after the other.

    `rows` is {row: {part: value}}, values ≥ 0 in `unit`, a plural ("messages traités"); a part
    that a row lacks is 0. `notes` says one thing more of a row, after its bar.
    """
    notes = notes or {}
    parts = list(dict.fromkeys(part for row in rows.values() for part in row))
    room = max((text_width(f"  {note}", 10.4) for note in notes.values()), default=0)
    longest = max((sum(row.values()) for row in rows.values()), default=0)
    left = SIDE + 14 + max((text_width(name, 11.5) for name in rows), default=0)
    # What is noted after the longest bar must stay on the page.
    most = longest * (1 + room / max(740 - left - room, 100))
    height, paint = _ROW * len(rows), theme_named(theme)
    sheet = Sheet(title, parts, height=height, left=left, most=most, paint=paint)
    sheet.draw_axis(unit, number)
    for place, (name, row) in enumerate(rows.items()):
        _draw(sheet, sheet.top + _ROW * (place + 0.5), name, row, notes.get(name, ""))
    return Picture(sheet.scene, _words(title, unit, parts, rows, notes))


def _draw(sheet: Sheet, y: float, name: str, row: Mapping[str, float], note: str) -> None:
    sheet.write(sheet.left - 12, y, name, size=11.5, colour=sheet.paint.ink, anchor="right")
    done, unsaid = 0.0, number(sum(row.values()))
    for part, (colour, _) in sheet.looks.items():
        value = row.get(part, 0)
        start, end = sheet.x(done), sheet.x(done + value)
        done += value
        if not value:
            continue
        box = Box((start + end) / 2, y, end - start, _BAR)
        ground = sheet.paint.background
        sheet.scene.shape(rounded(box, 3), MARKS, fill=colour, stroke=ground, line=1)
        if text_width(number(value), 11, True) + 6 < box.width:
            sheet.write(
                box.x, y, number(value), size=11, colour="#FFFFFF", bold=True, anchor="center"
            )
            unsaid = ""
    # A bar too short to hold any of its values says what it comes to after it.
    sheet.write(sheet.x(done) + 9, y, " · ".join(filter(None, [unsaid, note])))


def _words(title: str, unit: str, parts: list[str], rows: Mapping, notes: Mapping) -> Words:
    sentence = headed(title, f"une barre par ligne ({', '.join(rows)})")
    if len(parts) > 1:
        sentence += f", partagée entre {', '.join(parts)}"
    head = ("", *parts, *([_NOTE] if notes else []))
    table = [
        (name, *(number(row.get(part, 0)) for part in parts), notes.get(name, ""))[: len(head)]
        for name, row in rows.items()
    ]
    return Words(f"{sentence}, en {unit}.", head, table, measured=range(1, len(head)))
