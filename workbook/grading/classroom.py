"""`workbook grade`: a class graded under the teacher's rules, written, and compared with before."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from workbook.checks import hidden
from workbook.checks.registry import all_exercises, chapters
from workbook.grading import changes, class_file, hand_in, moodle, rubric
from workbook.grading.gradebook import report
from workbook.grading.grading import Progress, grade
from workbook.grading.ledger import ledger
from workbook.grading.rules import Rules
from workbook.grading.running import Limits
from workbook.grading.writing import MARK, table, write
from workbook.views.canvas.words import plural

GRADES, LOG, PAGE = "grades.json", "changes.csv", "changes.html"
SAME = "Aucune note n’a changé depuis la dernière fois."
WITHOUT_RULES = (
    "La dernière fois, ces notes suivaient {name} ; cette fois aucune règle : ajoutez --class."
)


@dataclass(frozen=True)
class Asked:
    """What the teacher asks for; `grade` says what each means, `reason` why it is done again.

    `hidden` is a folder of steps that only the grader adds.
    """

    place: Path
    out: Path
    root: Path
    keys: Sequence[str] = ()
    jobs: int = 0
    again: Sequence[str] = ()
    limits: Limits | None = None
    sheet: Path | None = None
    rules: Path | None = None
    hidden: Path | None = None
    never_lower: bool = False
    reason: str = ""


def run(asked: Asked, titles: Mapping[str, str], progress: Progress = print) -> Iterator[str]:
    """Grade the class; yield what to tell. Raises `WorkbookError`, `OSError`.

    What the teacher wrote by hand is read first: a mistake there must not cost an hour of grading.
    """
    rules = _rules(asked.rules)
    if asked.hidden is not None:
        hidden.require_known(asked.hidden.resolve(), _ids())
        os.environ["WORKBOOK_HIDDEN"] = str(asked.hidden.resolve())
        all_exercises()  # a mistake in a hidden file is told before an hour of grading
    hand_in.read_table(rules)
    rubric.read(asked.out / rubric.FILE, rules)
    if asked.sheet is not None:
        moodle.filled(asked.sheet, {})
    before = _grades(asked.out)
    class_ = grade(
        asked.place,
        asked.out,
        root=asked.root,
        keys=asked.keys,
        jobs=asked.jobs,
        again=asked.again,
        limits=asked.limits,
        never_lower=asked.never_lower,
        progress=progress,
    )
    book = ledger(class_, rules, asked.out, asked.sheet)
    yield from (f"! {note}" for note in book.notes)
    for path in report(book, asked.out, titles, asked.sheet):
        yield str(path)
    if before:
        yield from _compared(before, asked, rules)


def _rules(path: Path | None) -> Rules:
    return class_file.read(path, _ids()) if path else Rules()


def _ids() -> list[str]:
    return [f"{key}.{name}" for key, one in chapters().items() for name in one.exercises]


def _grades(out: Path) -> dict[str, Any] | None:
    """What the last grading wrote; None before the first one."""
    try:
        return json.loads((out / GRADES).read_bytes())
    except (OSError, ValueError):
        return None


def _compared(before: dict[str, Any], asked: Asked, rules: Rules) -> Iterator[str]:
    if before.get("rules") and not rules.name:
        yield f"! {WITHOUT_RULES.format(name=before['rules'])}"
    found = changes.changes(before, _grades(asked.out) or {"learners": ()})
    if not found:
        yield SAME
        return
    date = datetime.now().isoformat(" ", "minutes")
    log = asked.out / LOG
    old = log.read_text(encoding="utf-8-sig") if log.exists() else table([changes.HEAD])
    lines = table(changes.lines(found, date, _who(), asked.reason))
    write(log, MARK + old.removeprefix(MARK) + lines.removeprefix(MARK))
    write(asked.out / PAGE, changes.page(found, date, asked.reason))
    learners = len({one.learner for one in found})
    yield f"Des notes ont changé, pour {plural(learners, 'apprenant')} : {asked.out / PAGE}"


def _who() -> str:
    """The account that regraded; empty where the system does not name it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a list of users
        return ""
