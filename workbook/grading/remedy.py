"""Five minutes for a group that makes one mistake: what to ask, to play again, and to correct."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workbook.bets import registry
from workbook.checks.exercise import Exercise
from workbook.grading.pristine import Pristine

BET = re.compile(r"""^\s*bet\(\s*["']([\w.]+)["']""", re.MULTILINE)
SECTION = re.compile(r"^##+ +(.+)$", re.MULTILINE)
CHAPTERS, LABS = "notebooks", "labs"


@dataclass(frozen=True)
class Remedy:
    """Where the chapter speaks of an exercise, the last bet before it and its first hint.

    `notebook` is the student edition, from the root of the course; `bet` is the id and text of the
    question. Each is empty where the chapter has none.
    """

    notebook: str
    section: str
    bet: tuple[str, str]
    hint: str


def remedy(chapter: Pristine, exercise: Exercise) -> Remedy:
    """What the chapter offers just before the answer cell of `exercise`."""
    above = list(_above(chapter, exercise.id))
    prose = [text for kind, text in above if kind == "markdown"]
    code = [text for kind, text in above if kind == "code"]
    folder = LABS if chapter.key.startswith("lab") else CHAPTERS
    return Remedy(
        notebook=f"{folder}/{chapter.name}.ipynb",
        section=_last(SECTION, prose),
        bet=_bet(_last(BET, code)),
        hint=next(iter(exercise.hints), ""),
    )


def _above(chapter: Pristine, exercise: str) -> Iterator[tuple[str, str]]:
    """The kind and text of each cell above the answer's, in their order."""
    answer = next(slot.cell for slot in chapter.slots if slot.exercise == exercise)
    for cell in chapter.notebook["cells"]:
        if cell["id"] == answer:
            return
        yield cell["cell_type"], _text(cell)


def _text(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _last(pattern: re.Pattern[str], texts: list[str]) -> str:
    return next(iter([found for text in texts for found in pattern.findall(text)][::-1]), "")


def _bet(id: str) -> tuple[str, str]:
    return (id, registry.find(id).text) if id else ("", "")
