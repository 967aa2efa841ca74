"""The nodes of the map: each class draws one kind once, then only changes what changed."""

from __future__ import annotations

import math
from collections.abc import Mapping

from workbook.views.canvas import theme
from workbook.views.canvas.geometry import (
    Box,
    circle,
    cylinder,
    person,
    rounded,
)
from workbook.views.canvas.glyphs import fit, shorten, text_width, wrap
from workbook.views.canvas.health import DETAILS, MARKS, HealthSign
from workbook.views.canvas.scene import Scene
from workbook.views.canvas.theme import Theme
from workbook.views.canvas.words import THIN, duration, number, percent, plural
from workbook.views.layout import measure
from workbook.views.layout.layered import badge, dock

CARDS = 3
_CELLS = 10
# Above so many messages a queue is shown as filling up, even if nothing says it is unwell.
_FULL = 50
# The band says that RabbitMQ is gone; what it holds is only out of reach.
_UNREACHABLE = "injoignable"
_EXCHANGE_LETTERS = {"topic": "T", "direct": "D", "fanout": "F", "headers": "H"}


class ServiceCard:
    """A service or the gateway: health, title, name, metrics or the cause of its trouble."""

    def __init__(self, scene: Scene, paint: Theme, box: Box, node: Mapping) -> None:
        self._paint, self._box, self._node = paint, box, node
        self._gateway = node.get("kind") == "gateway"
        self._copies = [
            scene.shape(rounded(box._replace(x=box.x + d, y=box.y + d)), CARDS, line=1.1)
            for d in (6, 3)
        ]
        scene.shape(rounded(box._replace(y=box.y + 2)), CARDS, fill=paint.shadow)
        self._card = scene.shape(rounded(box), CARDS, line=1.1)
        self._sign = HealthSign(scene, paint, box.left + 17, box.top + 17, 6.8)
        self._write_heading(scene)
        self._metrics = scene.label(
            box.left + 11, box.top + 38, size=measure.METRIC, colour=paint.sub
        )
        corner = badge(box)
        self._badge = scene.shape(rounded(corner), MARKS, fill=paint.sub, stroke=paint.card, line=1)
        self._count = scene.label(
            corner.x, corner.y, size=9.8, colour=paint.card, bold=True, anchor="center"
        )
        if node.get("database"):
            _draw_database(scene, paint, dock(box))

    def _write_heading(self, scene: Scene) -> None:
        box, paint = self._box, self._paint
        ink = paint.gateway_ink if self._gateway else paint.ink
        faint = paint.gateway_sub if self._gateway else paint.faint
        title, name, room = measure.title(self._node), measure.code_name(self._node), box.width - 41
        needed = text_width(title, measure.TITLE, True)
        name = shorten(name, max(0.4 * room, room - needed) - 12, measure.NAME) if name else ""
        name_room = text_width(name, measure.NAME) + 12 if name else 0
        text, size = fit(title, room - name_room, measure.TITLE, 9.6, True)
        scene.label(box.left + 30, box.top + 17.5, text, size=size, colour=ink, bold=True)
        scene.label(
            box.right - 11, box.top + 18, name, size=measure.NAME, colour=faint, anchor="right"
        )

    def update(self, node: Mapping) -> None:
        """Show another state of the same service."""
        health = health_of(node)
        self._sign.show(health)
        troubled = health in ("warn", "down")
        paint = self._paint
        border = paint.gateway if self._gateway else paint.border
        fills = {"warn": paint.warn_fill, "down": paint.down_fill}
        fill = paint.gateway if self._gateway else fills.get(health, paint.card)
        edge = theme.HEALTH_COLOURS[health] if troubled else border
        self._card.set(fill=fill, stroke=edge, line=2.2 if troubled else 1.1)
        self._show_instances(node.get("instances") or 1, fill, edge)
        self._write_metrics(node, health)

    def _show_instances(self, count: int, fill: str, edge: str) -> None:
        for copy in self._copies:
            copy.set(visible=count > 1, fill=fill, stroke=edge)
        self._badge.set(visible=count > 1)
        self._count.set(f"×{count}" if count > 1 else "")

    def _write_metrics(self, node: Mapping, health: str) -> None:
        text, emphatic = metrics(node, health)
        calm = self._paint.gateway_sub if self._gateway else self._paint.sub
        inks = {"down": self._paint.down_ink, "warn": self._paint.warn_ink}
        colour = inks.get(health, calm) if emphatic and not self._gateway else calm
        room, size = self._box.width - 22, measure.METRIC
        if text_width(text, size, emphatic) > room:
            size = 9.3
            narrow = room - (32 if self._node.get("database") else 0)
            text = "\n".join(wrap(text, narrow, size, emphatic))
        self._metrics.set(text, colour, bold=emphatic, size=size)


def health_of(node: Mapping) -> str:
    """The node's health; what nobody has said yet is at rest."""
    health = node.get("health") or "idle"
    return health if health in theme.HEALTH_COLOURS else "idle"


def metrics(node: Mapping, health: str) -> tuple[str, bool]:
    """What a card says under its title, and whether it must stand out."""
    if health == "down":
        return node.get("reason") or "ne répond plus", True
    if health == "warn" and node.get("reason"):
        return node["reason"], True
    if health == "starting":
        return node.get("reason") or "démarre…", False
    rate, errors = node.get("rate") or 0, node.get("error_rate") or 0
    if not rate:
        return "aucun trafic", False
    said = f"{number(rate)} req/s"
    if errors >= 0.01:
        return f"{said} · {percent(errors)} err", False
    if node.get("p95") is None:
        return said, False
    return f"{said} · p95 {duration(node['p95'])}", False


class ClientCard:
    """Who calls from outside."""

    def __init__(self, scene: Scene, paint: Theme, box: Box, node: Mapping) -> None:
        scene.shape(rounded(box._replace(y=box.y + 2)), CARDS, fill=paint.shadow)
        scene.shape(rounded(box), CARDS, fill=paint.card, stroke=paint.border, line=1.1)
        scene.shape(person(box.left + 19, box.y), DETAILS, fill=paint.sub)
        text, size = fit(measure.title(node), box.width - 46, 11.2, 9, True)
        scene.label(box.left + 34, box.y, text, size=size, colour=paint.ink, bold=True)

    def update(self, node: Mapping) -> None:
        """A client has no state of its own."""


class ExchangeCard:
    """A pill with the letter of its type."""

    def __init__(self, scene: Scene, paint: Theme, box: Box, node: Mapping) -> None:
        self._paint, self._dead = paint, bool(node.get("dead_letter"))
        dash = (4, 2.6) if self._dead else None
        self._card = scene.shape(rounded(box, 20), CARDS, fill=paint.card, line=1.6, dash=dash)
        self._disc = scene.shape(circle(box.left + 19, box.y, 10), DETAILS)
        letter = _EXCHANGE_LETTERS.get(node.get("exchange_type"), "T")
        scene.label(
            box.left + 19, box.y, letter, size=11, colour="#FFFFFF", bold=True, anchor="center"
        )
        text, size = fit(measure.title(node), box.width - 48, 11, 9, True)
        scene.label(box.left + 34, box.y - 7, text, size=size, colour=paint.ink, bold=True)
        self._rate = scene.label(box.left + 34, box.y + 8, size=9.6, colour=paint.sub)

    def update(self, node: Mapping) -> None:
        """Show its rate, or that the broker is gone."""
        down = health_of(node) == "down"
        colour = theme.DOWN if down or self._dead else theme.ASYNC
        self._card.set(stroke=colour, fill=self._paint.down_fill if down else self._paint.card)
        self._disc.set(fill=colour)
        text = _UNREACHABLE if down else _message_rate(node)
        self._rate.set(text, self._paint.down_ink if down else self._paint.sub)


def _message_rate(node: Mapping) -> str:
    rate = node.get("rate") or 0
    return f"{number(rate)} msg/s" if rate else "aucun message"


class QueueCard:
    """A queue: ten cells on a logarithmic scale, the exact depth, and who consumes."""

    def __init__(self, scene: Scene, paint: Theme, box: Box, node: Mapping) -> None:
        self._paint, self._dead = paint, bool(node.get("dead_letter"))
        dash = (4, 2.6) if self._dead else None
        self._card = scene.shape(rounded(box, 9), CARDS, fill=paint.card, line=1.3, dash=dash)
        text, size = fit(measure.title(node), box.width - 20, 10.6, 9.2, True)
        scene.label(box.left + 10, box.top + 14, text, size=size, colour=paint.ink, bold=True)
        self._cells = [
            scene.shape(rounded(Box(box.left + 13.5 + i * 8.4, box.top + 30, 6.6, 9), 1), DETAILS)
            for i in range(_CELLS)
        ]
        self._depth = scene.label(
            box.right - 10, box.top + 30, size=10.4, colour=paint.sub, bold=True, anchor="right"
        )
        self._use = scene.label(box.left + 10, box.top + 46, size=9.6, colour=paint.faint)

    def update(self, node: Mapping) -> None:
        """Show its depth and its consumers."""
        paint, depth, health = self._paint, node.get("depth") or 0, health_of(node)
        down = health == "down" or (self._dead and depth > 0)
        hot = depth >= _FULL or health == "warn"
        colour = theme.DOWN if down else theme.WARN if hot else theme.ASYNC
        filled = 0 if not depth else min(_CELLS, 1 + int(math.log2(depth) * 1.36))
        for i, cell in enumerate(self._cells):
            cell.set(fill=colour if i < filled else paint.database)
        edge = theme.DOWN if down or self._dead else theme.ASYNC
        self._card.set(
            stroke=edge,
            line=2.0 if down else 1.3,
            fill=paint.down_fill if health == "down" else paint.card,
        )
        ink = paint.down_ink if down else paint.warn_ink if hot else paint.sub
        self._depth.set(f"{number(depth)}{THIN}msg", ink)
        self._use.set(*self._consumers(node, health))

    def _consumers(self, node: Mapping, health: str) -> tuple[str, str]:
        if health == "down":
            return _UNREACHABLE, self._paint.down_ink
        count = node.get("consumers") or 0
        if count:
            return plural(count, "consommateur"), self._paint.faint
        if self._dead:
            return "lettres mortes", self._paint.faint
        return "aucun consommateur", self._paint.down_ink


class DatabaseCard:
    """A database several services share: on the map, it stands alone to be seen."""

    def __init__(self, scene: Scene, paint: Theme, box: Box, node: Mapping) -> None:
        _draw_database(scene, paint, Box(box.x, box.top + 21, 48, 40))
        text, size = fit(measure.title(node), box.width, measure.METRIC, 9, True)
        scene.label(
            box.x, box.bottom - 7, text, size=size, colour=paint.ink, bold=True, anchor="center"
        )

    def update(self, node: Mapping) -> None:
        """A file has no state we can see."""


def _draw_database(scene: Scene, paint: Theme, box: Box) -> None:
    scene.shape(cylinder(box), DETAILS, fill=paint.database, stroke=paint.database_edge, line=1.2)


CARD_KINDS = {
    "client": ClientCard,
    "exchange": ExchangeCard,
    "queue": QueueCard,
    "database": DatabaseCard,
}
