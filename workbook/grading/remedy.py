"""Five minutes for a group that makes one mistake: what to ask, to play again, and to correct."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from workbook.bets import registry
from workbook.checks.exercise import Exercise
from workbook.grading.pristine import Pristine

BET = re.compile(r"""^\s*bet\(\s*["']([\w.]+)["']""", re.MULTILINE)
SECTION = re.compile(r"^##+ +(.+)$", re.MULTILINE)
CHAPTERS, LABS = "notebooks", "labs"


@dataclass(frozen=True)
class Remedy:
    """The last bet before an exercise, or the section that leads to it, and its first hint.

    `notebook` is the student edition, from the root of the course; `bet` is the id and the text of
    the question; `section` is where the bet is, or where the exercise is if there is no bet. Each
    is empty where the chapter has none.
    """

    notebook: str
    section: str
    bet: tuple[str, str]
    hint: str


def remedy(chapter: Pristine, exercise: Exercise) -> Remedy:
    """What the chapter offers above the answer cell of `exercise`."""
    folder = LABS if chapter.key.startswith("lab") else CHAPTERS
    section, bet, section_of_bet = "", "", ""
    for cell in _above(chapter, exercise.id):
        text = _text(cell)
        if cell["cell_type"] == "markdown":
            section = _last(SECTION, text) or section
        elif found := _last(BET, text):
            bet, section_of_bet = found, section
    return Remedy(
        notebook=f"{folder}/{chapter.name}.ipynb",
        section=section_of_bet if bet else section,
        bet=(bet, registry.find(bet).text) if bet else ("", ""),
        hint=next(iter(exercise.hints), ""),
    )


def _above(chapter: Pristine, exercise: str) -> list[dict[str, Any]]:
    cells = chapter.notebook["cells"]
    answer = next(slot.cell for slot in chapter.slots if slot.exercise == exercise)
    return list(takewhile(lambda cell: cell["id"] != answer, cells))


def _text(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _last(pattern: re.Pattern[str], text: str) -> str:
    return next(iter(pattern.findall(text)[::-1]), "")
