"""What every plot stands on: a titled page, a horizontal axis, one colour and one dash a series."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workbook.views.canvas.geometry import Box, polyline, rounded, tick
from workbook.views.canvas.glyphs import fit, text_width
from workbook.views.canvas.scene import Scene
from workbook.views.canvas.theme import Theme

WIDTH, SIDE, HEADER, FOOTER = 760, 20, 74, 54
GRID, MARKS = 0, 2
# Each can be read under white letters, and stands out on either page.
COLOURS = ("#3B6EA8", "#A85A17", "#7B5EA7", "#A63D6C", "#547427", "#0F7590")
DASHES = (None, (9, 4), (2, 3), (9, 3, 2, 3))
_MOST_MARKS = 7


class Sheet:
    """A page `height` pixels high under its header, whose axis runs from 0 to `most`.

    The legend shows `lines`, each with its dash, or else areas.
    """

    def __init__(
        self,
        title: str,
        series: Sequence[str],
        height: float,
        left: float,
        most: float,
        paint: Theme,
        lines: bool = False,
    ) -> None:
        self.paint, self.left, self.right = paint, left, WIDTH - SIDE
        self.top, self.bottom = HEADER, HEADER + height
        self.most = most or 1.0
        self.scene = Scene(WIDTH, self.bottom + FOOTER, paint.background)
        self.looks = {
            name: (COLOURS[i % len(COLOURS)], DASHES[i % len(DASHES)])
            for i, name in enumerate(series)
        }
        words, size = fit(title, WIDTH - 2 * SIDE, 15.5, 11, True)
        self.scene.label(SIDE, 28, words, size=size, colour=paint.ink, bold=True)
        self._write_legend(lines=lines)

    def x(self, value: float) -> float:
        """The place of a value on the axis."""
        return self.left + (self.right - self.left) * value / self.most

    def draw_axis(self, unit: str, said: Callable[[float], str]) -> None:
        """Vertical lines at round values, each `said` in words; `unit` names the axis."""
        step = tick(self.most, _MOST_MARKS)
        for i in range(int(self.most / step + 1e-9) + 1):
            x = self.x(i * step)
            line = polyline([(x, self.top), (x, self.bottom)])
            self.scene.shape(line, GRID, stroke=self.paint.grid, line=1)
            self.write(x, self.bottom + 13, said(i * step), anchor="center")
        self.write(self.right, self.bottom + 34, unit, anchor="right")

    def write(self, x: float, y: float, words: str, **look: object) -> None:
        """Small words of the plot itself; `look` as in `Scene.label`."""
        self.scene.label(x, y, words, **{"size": 10.4, "colour": self.paint.sub, **look})

    def _write_legend(self, *, lines: bool) -> None:
        x, long = float(SIDE), 30 if lines else 14
        for name, (colour, dash) in self.looks.items():
            line = polyline([(x, 54), (x + long, 54)])
            look = {"stroke": colour, "line": 2.2, "dash": dash} if lines else {"fill": colour}
            mark = line if lines else rounded(Box(x + long / 2, 54, long, 12), 3)
            self.scene.shape(mark, MARKS, **look)
            self.write(x + long + 7, 54, name, colour=self.paint.ink)
            x += long + 27 + text_width(name, 10.4)
