"""The sign of a node's health: a shape and a colour that tell the same state."""

from __future__ import annotations

from workbook.views.canvas import theme
from workbook.views.canvas.geometry import circle, health_mark, health_outline
from workbook.views.canvas.scene import Scene
from workbook.views.canvas.theme import Theme

DETAILS, MARKS = 4, 5


class HealthSign:
    """A shape and a colour that tell the same state."""

    def __init__(self, scene: Scene, paint: Theme, x: float, y: float, radius: float) -> None:
        self._paint, self._x, self._y, self._radius = paint, x, y, radius
        self._outline = scene.shape(circle(x, y, radius), DETAILS, line=1.4)
        self._mark = scene.shape(circle(x, y, 1), MARKS, line=1.7 if radius > 5 else 1.4)
        self._health = ""

    def show(self, health: str) -> None:
        """Show ok, warn, down, idle or starting."""
        if health == self._health:
            return
        self._health = health
        colour, hollow = theme.HEALTH_COLOURS[health], health in theme.HOLLOW
        at = (self._x, self._y, self._radius)
        fill = self._paint.card if hollow else colour
        self._outline.set(path=health_outline(health, *at), fill=fill, stroke=colour)
        self._mark.set(path=health_mark(health, *at), stroke=colour if hollow else "#FFFFFF")
