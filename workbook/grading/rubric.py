"""Points given by hand, in a table that the grader prepares and reads back; names are not in it.

`rubric.csv` has a line for each criterion of each hand-in, under a pseudonym. The teacher fills in
`points` and, if they like, `commentaire`; the grader checks that the points are within what the
criterion is worth, and keeps what was written. What is to be graded is what the learner wrote with
`takeaway("lab1")`, or their answer to an exercise.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook import logbook
from workbook.bets.book import RECORD
from workbook.checks.takeaway import KIND
from workbook.grading.hand_in import BadTable, Key, rows
from workbook.grading.marks import ByHand, figure
from workbook.grading.pairs import handed_in, key_of
from workbook.grading.rules import Rules, chapter_of
from workbook.grading.submissions import LOGBOOK, Submission
from workbook.grading.writing import table, unplain
from workbook.views.canvas.words import NBSP

FILE = "rubric.csv"
COLUMNS = ("pseudonyme", "rubrique", "critère", "sur", "points", "commentaire")
TEXT = "texte"
Place = tuple[str, str, str]  # pseudonym, rubric, criterion


@dataclass(frozen=True)
class Given:
    """What the teacher wrote on a line."""

    points: float | None = None
    comment: str = ""


def read(path: Path, rules: Rules) -> dict[Place, Given]:
    """What was given, by pseudonym, rubric and criterion; raises `BadTable`."""
    found = {}
    for number, row in rows(path, COLUMNS) if path.exists() else ():
        name, id, criterion = (unplain(row[column]) for column in COLUMNS[:3])
        worth = rules.rubric.get(id, {}).get(criterion)
        try:
            points = _points(row["points"], worth)
        except ValueError as error:
            told = f"{path.name}, ligne {number}, {name}, « {criterion} »{NBSP}: {error}"
            raise BadTable(told) from error
        found[name, id, criterion] = Given(points, unplain(row["commentaire"]))
    return found


def _points(text: str, worth: float | None) -> float | None:
    """None where nothing was given; a criterion that is no longer in the file bounds nothing."""
    if not text:
        return None
    try:
        points = float(text.replace(",", "."))
    except ValueError as error:
        raise ValueError(f"« {text} » n’est pas un nombre de points.") from error
    if worth is not None and not 0 <= points <= worth:
        raise ValueError(f"{text} point(s), il en faut de 0 à {figure(worth)}.")
    return points


def by_hand(
    results: Iterable[Mapping[str, Any]],
    rules: Rules,
    pseudonyms: Mapping[Key, str],
    given: Mapping[Place, Given],
) -> dict[Key, list[ByHand]]:
    """For each learner, what each rubric gave; nothing was to be read of who handed in nothing."""
    found: dict[Key, list[ByHand]] = {}
    for result in results:
        key = key_of(result)
        for id, criteria in rules.rubric.items():
            chapter = result["chapters"].get(chapter_of(id))
            if chapter is None:
                continue
            lines = {c: given.get((pseudonyms[key], id, c), Given()) for c in criteria}
            missing = None if handed_in(chapter) else 0.0
            points = {c: missing if g.points is None else g.points for c, g in lines.items()}
            comments = dict.fromkeys(one.comment for one in lines.values() if one.comment)
            found.setdefault(key, []).append(ByHand(id, points, criteria, " · ".join(comments)))
    return found


def prepared(
    results: Sequence[Mapping[str, Any]],
    rules: Rules,
    pseudonyms: Mapping[Key, str],
    given: Mapping[Place, Given],
    texts: Mapping[Key, Mapping[str, str]],
) -> str:
    """The table to fill in, rubric by rubric: a teacher grades one thing at a time.

    `texts` is what each learner wrote, by rubric. What was given for a line that is no longer
    asked for stays, at the end.
    """
    lines, left = [], dict(given)
    for id, criteria in rules.rubric.items():
        read = sorted(
            (pseudonyms[key_of(result)], texts.get(key_of(result), {}).get(id, ""))
            for result in results
            if (chapter := result["chapters"].get(chapter_of(id))) and handed_in(chapter)
        )
        for name, text in read:
            for number, (criterion, worth) in enumerate(criteria.items()):
                line = left.pop((name, id, criterion), Given())
                shown = text if number == 0 else ""
                lines.append([name, id, criterion, figure(worth), *_written(line), shown])
    lines += [[*place, "", *_written(line), ""] for place, line in left.items() if line != Given()]
    return table([(*COLUMNS, TEXT), *lines])


def _written(line: Given) -> tuple[str, str]:
    return "" if line.points is None else figure(line.points), line.comment


def texts_of(
    result: Mapping[str, Any], submission: Submission | None, rules: Rules
) -> dict[str, str]:
    """What a learner wrote, by rubric: their words on a chapter, their answer to an exercise."""
    words = dict(_words(submission)) if submission else {}
    answers = {
        one["exercise"]: one["answer"]
        for chapter in result["chapters"].values()
        for one in chapter["exercises"]
    }
    return {id: answers.get(id) or words.get(id, "") for id in rules.rubric}


def _words(submission: Submission) -> Iterator[tuple[str, str]]:
    """(chapter, words) in the order written: what notebooks show, then what logbooks say."""
    for entry in _entries(submission):
        if entry["kind"] == KIND and isinstance(entry.get("words"), str):
            yield entry["exercise"], entry["words"]


def _entries(submission: Submission) -> Iterator[dict[str, Any]]:
    files = sorted(submission.files.items(), key=lambda one: one[0].lower().endswith(LOGBOOK))
    for path, content in files:
        if path.lower().endswith(LOGBOOK):
            yield from filter(None, map(logbook.parse, content.split(b"\n")))
        else:
            yield from _of_notebook(content)


def _of_notebook(content: bytes) -> list[dict[str, Any]]:
    """What the outputs of a saved notebook recorded; nothing of one that cannot be read."""
    found: list[dict[str, Any]] = []
    with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
        for cell in json.loads(content)["cells"]:
            for output in cell.get("outputs") or ():
                record = (output.get("data") or {}).get(RECORD)
                found += filter(logbook.is_record, record if isinstance(record, list) else ())
    return found
