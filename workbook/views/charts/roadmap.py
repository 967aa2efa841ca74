"""A course as a graph: what is better done before what."""

from __future__ import annotations

from collections.abc import Collection

import networkx as nx

from workbook.views.canvas.geometry import Box, arrow_head, polyline, rounded
from workbook.views.canvas.glyphs import wrap
from workbook.views.canvas.picture import Picture
from workbook.views.canvas.scene import Scene
from workbook.views.canvas.spoken import Words
from workbook.views.canvas.theme import Theme, theme_named
from workbook.views.canvas.words import NBSP
from workbook.views.layout.layered import layout

_LINES, _HEADS, _CARDS = 0, 1, 2
_SIDE = 20


def roadmap(
    course: nx.DiGraph, *, title: str, done: Collection[str] = (), theme: str | Theme = "light"
) -> Picture:
    """Draw `course`, an arrow from each chapter to those it prepares; those `done` are marked.

    Nodes carry `name`, short, `label`, the title, and `ready`: the others are drawn as to come.
    """
    paint = theme_named(theme)
    shown = nx.DiGraph()
    for key, node in course.nodes(data=True):
        shown.add_node(key, kind="service", **node)
    shown.add_edges_from(course.edges, kind="http")
    placed = layout(shown, widest=800)
    scene = Scene(placed.width, placed.bottom + _SIDE, paint.background)
    scene.label(_SIDE, 28, title, size=15.5, colour=paint.ink, bold=True)
    for curve in placed.curves.values():
        (x, y), (dx, dy) = curve.points[-1], curve.end_direction()
        scene.shape(polyline(curve.points.tolist()), _LINES, stroke=paint.call, line=1.2)
        scene.shape(arrow_head(x + 5 * dx, y + 5 * dy, dx, dy), _HEADS, fill=paint.call)
    for key, box in placed.boxes.items():
        _draw(scene, paint, box, shown.nodes[key], key in done)
    return Picture(scene, _words(course, title, done))


def _draw(scene: Scene, paint: Theme, box: Box, node: dict, done: bool) -> None:
    fill, ink = (paint.gateway, paint.gateway_ink) if done else (paint.card, paint.ink)
    look = {} if node["ready"] else {"dash": (4, 3)}
    scene.shape(rounded(box), _CARDS, fill=fill, stroke=paint.border, line=1.1, **look)
    head = f"{'✓ ' if done else ''}{node['name']}{'' if node['ready'] else ' · à venir'}"
    scene.label(box.left + 10, box.top + 14, head, size=10.4, colour=ink, bold=True)
    for n, line in enumerate(wrap(node["label"], box.width - 20, 11.5, lines=2)):
        scene.label(box.left + 10, box.top + 31 + 14 * n, line, size=11.5, colour=ink)


def _words(course: nx.DiGraph, title: str, done: Collection[str]) -> Words:
    rows = []
    for key, node in course.nodes(data=True):
        before = ", ".join(course.nodes[one]["name"] for one in course.predecessors(key))
        row = (node["name"], node["label"], before or "—", "" if node["ready"] else "à venir")
        rows.append((*row, "oui" if key in done else "non"))
    # What is written and what is done changes from one course, and one learner, to the next.
    sentence = f"{title}{NBSP}: une flèche mène de chaque chapitre à ceux qu’il prépare."
    head = ("", "Titre", "Mieux vaut avoir fait", "", "Terminé")
    return Words(sentence, head, rows, left=len(head), measured=[3, 4])
