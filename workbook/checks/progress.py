"""The progress table: what the logbook says of each exercise of the course, and of the bets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from workbook import logbook
from workbook.bets.tally import BetTable
from workbook.checks.chapter import TIERS, chapter_name
from workbook.checks.exercise import Exercise
from workbook.checks.registry import all_exercises, chapters
from workbook.tables import html_table, text_table
from workbook.views.canvas.words import NBSP

HEAD = ("Exercice", "Points", "Essais", "Indices", "État")


@dataclass(frozen=True)
class Line:
    """One exercise in the table; `tier` is `core`, `deeper` or `expert`."""

    exercise: str
    title: str
    tier: str
    points: int
    total: int
    attempts: int
    hints: int
    revealed: bool

    @property
    def state(self) -> str:
        """In words."""
        if self.points == self.total and self.attempts:
            return "réussi"
        return "commencé" if self.attempts else "à faire"

    @property
    def cells(self) -> tuple[str, ...]:
        """As a row of the table."""
        title = f"{self.title} ({TIERS[self.tier]})" if TIERS[self.tier] else self.title
        state = f"{self.state}, solution vue" if self.revealed else self.state
        return (title, f"{self.points}/{self.total}", str(self.attempts), str(self.hints), state)


class Progress:
    """What `progress()` returns, drawn by the notebook: exercises by chapter, then the bets.

    On a page, several chapters are folded, but for the `current` one.
    """

    def __init__(
        self, lines: Iterable[Line], bets: BetTable, note: str = "", current: str | None = None
    ) -> None:
        self.bets, self.note, self.current = bets, note, current
        self.chapters: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            self.chapters[line.exercise.partition(".")[0]].append(line)

    @property
    def points(self) -> int:
        """Points earned in the whole course: the best of each exercise."""
        return sum(line.points for lines in self.chapters.values() for line in lines)

    @property
    def total(self) -> int:
        """Points of the whole course."""
        return sum(line.total for lines in self.chapters.values() for line in lines)

    def __repr__(self) -> str:
        table = text_table([HEAD, *self._rows()])
        total = f"Total : {self.points}/{self.total} points"
        bets = self.bets.text()
        return "\n".join(filter(None, [table, total, bets and f"\n{bets}", self.note]))

    def _repr_html_(self) -> str:
        caption = f"Votre progression : {self.points} points sur {self.total}"
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        if len(self.chapters) < 2:
            shown = html_table(HEAD, self._rows(), caption)
        else:
            shown = f'<p style="margin:.3em 0">{escape(caption)}</p>{"".join(self._folded())}'
        return shown + self.bets.html() + note

    def _rows(self) -> Iterator[tuple[str, ...]]:
        named = titles()
        for key, lines in self.chapters.items():
            yield (named[key], _points(lines), "", "", "")
            yield from (line.cells for line in lines)

    def _folded(self) -> Iterator[str]:
        """A line a chapter, that opens on its exercises."""
        named = titles()
        for key, lines in self.chapters.items():
            opened = " open" if key == self.current else ""
            head = f"{escape(named[key])}{NBSP}: {_points(lines)}"
            table = html_table(HEAD, [line.cells for line in lines])
            yield f"<details{opened}><summary>{head}</summary>{table}</details>"


def progress(chapter: str | None = None) -> Progress:
    """The learner's progress, in the whole course or in one `chapter` (`"ch07"`)."""
    by_exercise, current = defaultdict(list), None
    for entry in logbook.records():
        by_exercise[entry["exercise"]].append(entry)
        current = entry["exercise"].partition(".")[0]
    chosen = [e for e in all_exercises() if chapter in (None, e.id.partition(".")[0])]
    lines = (_line(exercise, by_exercise[exercise.id]) for exercise in chosen)
    named = [(key, title) for key, title in titles().items() if chapter in (None, key)]
    return Progress(lines, BetTable(named), logbook.trouble(), current)


def titles() -> dict[str, str]:
    """`Chapitre 07 · Messages asynchrones`, by key."""
    return {key: f"{chapter_name(key)} · {found.title}" for key, found in chapters().items()}


def _points(lines: Iterable[Line]) -> str:
    """`12/18`, of a chapter."""
    lines = list(lines)
    return f"{sum(line.points for line in lines)}/{sum(line.total for line in lines)}"


def _line(exercise: Exercise, entries: list[dict[str, Any]]) -> Line:
    attempts = [e for e in entries if logbook.is_attempt(e)]
    earned = [e["points"] for e in attempts if isinstance(e.get("points"), int)]
    stages = [e["stage"] for e in entries if isinstance(e.get("stage"), int)]
    key, _, name = exercise.id.partition(".")
    return Line(
        exercise=exercise.id,
        title=exercise.title,
        tier=chapters()[key].exercises[name],
        points=min(max(earned, default=0), exercise.points),
        total=exercise.points,
        attempts=len(attempts),
        hints=max(stages, default=0),
        revealed=any(e["kind"] == "solution" for e in entries),
    )
