"""The grading sheet of a Moodle assignment, as its import reads it (`assignfeedback_offline`).

Moodle finds the number of the hand-in, the grade and its date by the names of their columns, in the
language of the site, and takes a comma between them. The surest way is to fill the very sheet that
it gave; without one, ours has the French names.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from workbook.errors import WorkbookError
from workbook.grading.marks import figure
from workbook.views.canvas.words import NBSP

FRENCH = (
    *("Identifiant", "Nom complet", "Note", "Note maximale", "Dernière modification (note)"),
    "Feedback par commentaires",
)
GRADE, MOST = ("Note", "Grade"), ("Note maximale", "Maximum Grade")
COMMENT = ("Feedback par commentaires", "Feedback comments")
NUMBER = re.compile(r"(\d+)$")
OUT_OF = 100.0
Grades = Mapping[str, tuple[float, float]]  # points, and what they are out of


class NoSheet(WorkbookError):
    """What was given as Moodle's sheet is not one."""


def new(names: Mapping[str, str], grades: Grades) -> str:
    """A sheet of our own, out of 100: a line for each number that Moodle knows."""
    rows: list[Sequence[object]] = [FRENCH]
    for number, name in names.items():
        grade = _scaled(grades[number], OUT_OF)
        rows.append([f"Participant {number}", name, grade, "100", "-", _told(grades[number])])
    return _written(rows)


def filled(sheet: Path, grades: Grades) -> str:
    """Moodle's own sheet, with our grades on its own scale; other lines and columns stay."""
    try:
        rows = list(csv.reader(io.StringIO(sheet.read_text(encoding="utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NoSheet(f"« {sheet.name} » n’est pas la feuille de notes de Moodle.") from error
    head = rows[0] if rows else []
    grade, most, comment = (_column(head, names) for names in (GRADE, MOST, COMMENT))
    if grade is None:
        raise NoSheet(f"« {sheet.name} » n’a pas de colonne « {GRADE[0]} » ou « {GRADE[1]} ».")
    for row in rows[1:]:
        number = NUMBER.search(row[0]) if len(row) == len(head) else None
        if number is None or number[1] not in grades:
            continue
        scale = _figure(row[most]) if most is not None else OUT_OF
        row[grade] = _scaled(grades[number[1]], scale)
        if comment is not None:
            row[comment] = _told(grades[number[1]])
    return _written(rows)


def _column(head: Sequence[str], names: Sequence[str]) -> int | None:
    return next((place for place, name in enumerate(head) if name in names), None)


def _figure(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return OUT_OF


def _scaled(earned: tuple[float, float], scale: float) -> str:
    points, total = earned
    return f"{scale * points / total:.2f}" if total else ""


def _told(earned: tuple[float, float]) -> str:
    points, total = map(figure, earned)
    return f"{points} sur {total}{NBSP}; le détail est dans la page de retour."


def _written(rows: Sequence[Sequence[object]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()
