"""The tree of failures, drawn: time goes to the right, every end is green or red.

Each state hangs where it was first reached. The shortest fatal path is thick, and its steps are
numbered and said below; without one, the path on which nothing fails is. A tree too tall to be
seen at once is cut back to the neighbourhood of that path; the states left out are counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.failures.saga import ANSWERED, REFUSED, Step
from workbook.failures.words import (
    clauses_of,
    end_words,
    path_words,
    sentence,
    wrong_words,
)
from workbook.views.canvas.geometry import bezier, circle, polyline
from workbook.views.canvas.glyphs import fit, text_width
from workbook.views.canvas.health import HealthSign
from workbook.views.canvas.picture import Picture
from workbook.views.canvas.scene import Scene
from workbook.views.canvas.spoken import Words
from workbook.views.canvas.theme import DOWN, OK, Theme, theme_named
from workbook.views.canvas.words import NBSP, plural

if TYPE_CHECKING:
    from workbook.failures.exploration import Edge, Exploration, Leaf

_WIDTH, _SIDE, _HEADER, _FOOT, _LINE = 860, 26, 84, 40, 19
_ROW, _LEAF, _STATE, _ON_PATH = 7.0, 6.0, 1.7, 8.5
_TEXT = 11.0
_MOST_TIPS, _FARTHEST = 70, 12
EDGES, PATH, STATES, LEAVES, NUMBERS = 0, 1, 2, 4, 9


def picture(exploration: Exploration, theme: str | Theme = "light") -> Picture:
    """Draw an exploration, with its sentence and the table of its ends."""
    return _Tree(exploration, theme_named(theme)).picture()


class _Tree:
    def __init__(self, exploration: Exploration, paint: Theme) -> None:
        self._found, self._paint = exploration, paint
        self._leaves = {leaf.number: leaf for leaf in exploration.leaves}
        self._children = _children(exploration)
        self._path = self._thick()
        self._hidden: dict[int, int] = {}
        self._cut_back()
        self._steps = _clauses(exploration, self._path)
        self._conclusions = 2 if exploration.fatal else 1
        self._y: dict[int, float] = {}
        self._below = float(_HEADER)
        for number, depth in exploration.depth.items():
            if depth == 0:
                self._place(number)
                self._below += 4 * _ROW
        self._deepest = max(exploration.depth[number] for number in self._y) or 1
        height = self._below + _LINE * len(self._steps) + _FOOT + _LINE
        self._scene = Scene(_WIDTH, height, paint.background)

    def picture(self) -> Picture:
        """Everything, from the edges to the legend."""
        self._write_header()
        for edge in self._found.came_by.values():
            if edge.target in self._y:
                self._draw_edge(edge)
        for number in self._y:
            self._draw_state(number)
        self._write_path()
        self._write_legend()
        return Picture(self._scene, _words(self._found))

    # -- what is left out ---------------------------------------------------------------------

    def _cut_back(self) -> None:
        """Forget what is far from the path, as little as makes the rest fit on a screen."""
        whole = self._children
        for reach in range(_FARTHEST, 0, -1):
            if self._tips() <= _MOST_TIPS:
                break
            near = self._near(whole, reach)
            self._children = {
                n: kept for n, below in whole.items() if (kept := [b for b in below if b in near])
            }
        for number, below in whole.items():
            shown = self._children.get(number, [])
            if gone := [b for b in below if b not in shown]:
                self._hidden[number] = sum(len(_under(whole, b)) for b in gone)

    def _tips(self) -> int:
        roots = [n for n, depth in self._found.depth.items() if depth == 0]
        drawn = [n for root in roots for n in _under(self._children, root)]
        return sum(n not in self._children for n in drawn)

    def _near(self, whole: dict[int, list[int]], reach: int) -> set[int]:
        """The states at most so many steps beside the path."""
        near, edge = set(self._path), list(self._path)
        for _ in range(reach):
            edge = [n for number in edge for n in whole.get(number, []) if n not in near]
            near.update(edge)
        return near

    @property
    def _left_out(self) -> int:
        return len(self._found.states) - len(self._y)

    # -- places -------------------------------------------------------------------------------

    def _place(self, root: int) -> None:
        """Tips one under the other, each state in the middle of what hangs from it."""
        order, waiting = [], [root]
        while waiting:
            number = waiting.pop()
            order.append(number)
            waiting += reversed(self._children.get(number, []))
        for number in order:
            if number not in self._children:
                self._below += 2 * _ROW if number in self._leaves else _ROW
                self._y[number] = self._below - (_ROW if number in self._leaves else 0)
        for number in reversed(order):
            if below := self._children.get(number):
                self._y[number] = (self._y[below[0]] + self._y[below[-1]]) / 2

    def _x(self, number: int) -> float:
        step = (_WIDTH - 2 * _SIDE - 30) / self._deepest
        return _SIDE + 12 + step * self._found.depth[number]

    # -- drawing ------------------------------------------------------------------------------

    def _thick(self) -> list[int]:
        """The states of the path to show: the fatal one, or the one where nothing fails."""
        end = self._found.fatal.number if self._found.fatal else self._calm_end()
        numbers = [end]
        while edge := self._found.came_by.get(numbers[0]):
            numbers.insert(0, edge.source)
        return numbers

    def _calm_end(self) -> int:
        calm = {e.source: e.target for e in reversed(self._found.edges) if _goes_well(e.step)}
        number = 0
        while number in calm:
            number = calm[number]
        return number

    def _draw_edge(self, edge: Edge) -> None:
        start = self._x(edge.source), self._y[edge.source]
        end = self._x(edge.target), self._y[edge.target]
        thick = edge.target in self._path and edge.source in self._path
        colour = self._path_colour if thick else self._paint.border
        bend = (end[0] - start[0]) / 2
        curve = bezier(start, (start[0] + bend, start[1]), (end[0] - bend, end[1]), end)
        look = {"stroke": colour, "line": 3.4 if thick else 0.9}
        if edge.step.is_fault and not thick:
            look["dash"] = (3, 3)
        self._scene.shape(polyline(curve.tolist()), PATH if thick else EDGES, **look)

    @property
    def _path_colour(self) -> str:
        return OK if self._found.is_right else DOWN

    def _draw_state(self, number: int) -> None:
        x, y = self._x(number), self._y[number]
        if leaf := self._leaves.get(number):
            sign = HealthSign(self._scene, self._paint, x, y, _LEAF)
            sign.show("ok" if leaf.is_right else "down")
        if number in self._path:
            self._number_state(number, x, y)
        elif number not in self._leaves:
            self._scene.shape(circle(x, y, _STATE), STATES, fill=self._paint.faint)
        if hidden := self._hidden.get(number):
            self._scene.label(x + 5, y, f"+{hidden}", size=7, colour=self._paint.sub)

    def _number_state(self, number: int, x: float, y: float) -> None:
        place = self._path.index(number)
        if number not in self._leaves:
            disc = circle(x, y, _ON_PATH if place else 4)
            self._scene.shape(disc, STATES + 1, fill=self._path_colour)
        if place and number not in self._leaves:
            self._scene.label(
                x, y, str(place), size=10, colour="#FFFFFF", bold=True, anchor="center", level=9
            )

    # -- words --------------------------------------------------------------------------------

    def _write_header(self) -> None:
        found, paint = self._found, self._paint
        words = "Tout ce qui peut arriver à la saga"
        self._scene.label(_SIDE, 28, words, size=15.5, colour=paint.ink, bold=True)
        wrong = sum(not leaf.is_right for leaf in found.leaves)
        facts = [
            plural(len(found.states), "état"),
            plural(len(found.leaves), "fin"),
            f"{plural(wrong, 'fausse')}" if wrong else "toutes justes",
        ]
        if self._left_out:
            facts.insert(1, f"{self._left_out} non dessinés")
        told = "   ·   ".join(facts)
        self._scene.label(_WIDTH - _SIDE, 28, told, size=11, colour=paint.sub, anchor="right")
        for number, depth in found.depth.items():
            if depth == 0 and len(found.machine.situations) > 1:
                said = found.machine.situations[found.states[number].situation].words
                top = min(self._y[n] for n in _under(self._children, number)) - 13
                self._scene.label(_SIDE, top, said, size=10.2, colour=paint.sub, bold=True)

    def _write_path(self) -> None:
        y = self._below + _LINE
        for place, words in enumerate(self._steps, 1):
            last = place > len(self._steps) - self._conclusions
            mark = "→" if last else f"{place}."
            self._scene.label(
                _SIDE, y, mark, size=_TEXT, colour=self._path_colour, bold=True, anchor="left"
            )
            said, size = fit(words, _WIDTH - 2 * _SIDE - 24, _TEXT, 9, last)
            self._scene.label(_SIDE + 24, y, said, size=size, colour=self._paint.ink, bold=last)
            y += _LINE

    def _write_legend(self) -> None:
        x, y = float(_SIDE), self._scene.height - 20
        for health, words in (("ok", "fin juste"), ("down", "fin fausse")):
            HealthSign(self._scene, self._paint, x + 6, y, _LEAF).show(health)
            x = self._legend(x + 18, y, words)
        for words, dash in (("une étape", None), ("une panne", (3, 3))):
            line = polyline([(x, y), (x + 26, y)])
            self._scene.shape(line, EDGES, stroke=self._paint.call, line=1.4, dash=dash)
            x = self._legend(x + 33, y, words)
        self._scene.shape(circle(x + 3, y, _STATE), STATES, fill=self._paint.faint)
        x = self._legend(x + 12, y, "état déjà vu, ou étape")
        if self._left_out:
            self._legend(x, y, "+9  états qui suivent, non dessinés")

    def _legend(self, x: float, y: float, words: str) -> float:
        self._scene.label(x, y, words, size=10, colour=self._paint.sub)
        return x + text_width(words, 10) + 20


def _children(found: Exploration) -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for target, edge in found.came_by.items():
        children.setdefault(edge.source, []).append(target)
    return children


def _under(children: dict[int, list[int]], root: int) -> list[int]:
    numbers, waiting = [], [root]
    while waiting:
        numbers.append(waiting.pop())
        waiting += children.get(numbers[-1], [])
    return numbers


def _goes_well(step: Step) -> bool:
    return step.what == ANSWERED and step.outcome != REFUSED


def _clauses(found: Exploration, path: list[int]) -> list[str]:
    """What is written under the tree: a line a step, then the books."""
    if found.fatal:
        loop = ["et cela recommence sans fin"] if found.fatal.loop else []
        return [*clauses_of(found), *loop, end_words(found, found.fatal), wrong_words(found.fatal)]
    leaf = next(leaf for leaf in found.leaves if leaf.number == path[-1])
    clauses = path_words(found.path_to(path[-1]), found.machine.desk.commands, rivals=False)
    return [*clauses, end_words(found, leaf)]


def _words(found: Exploration) -> Words:
    rows = sorted({_row(found, leaf) for leaf in found.leaves})
    return Words(sentence(found), ("Fin", "Verdict", "Le plus court chemin"), rows, left=3)


def _row(found: Exploration, leaf: Leaf) -> tuple[str, str, str]:
    rivals = len(found.states[leaf.number].orders) > 1
    steps = [*found.path_to(leaf.number), *leaf.loop]
    way = f"{NBSP}; ".join(path_words(steps, found.machine.desk.commands, rivals))
    return end_words(found, leaf), wrong_words(leaf), way
