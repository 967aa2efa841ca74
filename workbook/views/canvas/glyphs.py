"""Text as outlines.

matplotlib lays a `Text` out again at each draw: 3 ms apiece in 3.11, most of a frame. Here a
glyph's outline is read from the font once, and a string is a concatenation of arrays, drawn like
any other path. The font is the DejaVu Sans that matplotlib carries: the same picture everywhere.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path as FilePath
from threading import Lock

import matplotlib
import numpy as np
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path

_EM = 100
# Half the height of a capital: text is placed by the middle of its capitals.
_MIDDLE = 0.36
_UNKNOWN = "□"
_reading = Lock()
_EMPTY = Path(np.zeros((1, 2)), [Path.MOVETO])


@cache
def _font(bold: bool) -> FT2Font:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    font = FT2Font(str(FilePath(matplotlib.get_data_path(), "fonts", "ttf", name)))
    font.set_size(_EM, 72)
    return font


@cache
def _glyph(character: str, bold: bool) -> tuple[np.ndarray, np.ndarray, float]:
    """Outline (y down, em = 1), codes, and advance of one character."""
    font = _font(bold)
    if not font.get_char_index(ord(character)):
        character = " " if character.isspace() else _UNKNOWN
    # The font holds one glyph at a time, and a map is drawn in a thread of its own.
    with _reading:
        glyph = font.load_char(ord(character), flags=LoadFlags.NO_HINTING)
        vertices, codes = font.get_path()
        advance = glyph.linearHoriAdvance / 65536 / _EM
    return np.asarray(vertices).reshape(-1, 2) * (1 / _EM, -1 / _EM), np.asarray(codes), advance


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width in pixels of a text whose em is `size` pixels."""
    return size * sum(_glyph(c, bold)[2] for c in text)


@lru_cache(maxsize=2048)
def _unit_outline(text: str, bold: bool) -> tuple[np.ndarray, np.ndarray] | None:
    vertices, codes, x = [], [], 0.0
    for character in text:
        outline, code, advance = _glyph(character, bold)
        if len(outline):
            vertices.append(np.add(outline, (x, _MIDDLE)))
            codes.append(code)
        x += advance
    return (np.concatenate(vertices), np.concatenate(codes)) if vertices else None


def text_path(
    text: str, x: float, y: float, size: float, *, bold: bool = False, anchor: str = "left"
) -> Path:
    """The outline of a text; (x, y) is the middle of its left end, centre, or right end."""
    outline = _unit_outline(text, bold)
    if outline is None:
        return _EMPTY
    shift = {"left": 0.0, "center": 0.5, "right": 1.0}[anchor] * text_width(text, size, bold)
    return Path(outline[0] * size + (x - shift, y), outline[1])


def shorten(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text, with an ellipsis in its middle if it is wider than `room` pixels."""
    if text_width(text, size, bold) <= room:
        return text
    for kept in range(len(text) - 1, 1, -1):
        candidate = text[: (kept + 1) // 2].rstrip() + "…" + text[len(text) - kept // 2 :].lstrip()
        if text_width(candidate, size, bold) <= room:
            return candidate
    return "…"


def fit(
    text: str, room: float, size: float, smallest: float, bold: bool = False
) -> tuple[str, float]:
    """The text and the size in which it holds in `room` pixels: smaller first, then shortened."""
    width = text_width(text, size, bold)
    if width <= room:
        return text, size
    smaller = max(smallest, size * room / width)
    return shorten(text, room + 0.01, smaller, bold), smaller


def wrap(text: str, room: float, size: float, bold: bool = False, lines: int = 2) -> list[str]:
    """The text on at most so many lines of `room` pixels; what is left over ends in an ellipsis."""
    rows: list[str] = []
    words = text.split(" ")
    while words and len(rows) < lines:
        taken = 1
        while taken < len(words) and text_width(" ".join(words[: taken + 1]), size, bold) <= room:
            taken += 1
        rows.append(" ".join(words[:taken]))
        words = words[taken:]
    if words:
        rows[-1] = _cut_end(f"{rows[-1]} {words[0]}", room, size, bold)
    return [shorten(row, room, size, bold) for row in rows]


def _cut_end(text: str, room: float, size: float, bold: bool) -> str:
    while text and text_width(text + "…", size, bold) > room:
        text = text[:-1].rstrip()
    return text + "…"
