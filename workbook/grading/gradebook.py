"""What a graded class is written as: two tables, the whole as JSON, pages, Moodle's archive."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbook.grading import class_page, feedback, mirror_page, moodle
from workbook.grading.class_page import key_of
from workbook.grading.feedback import exercises_of
from workbook.grading.grading import Class, write
from workbook.grading.submissions import Submission
from workbook.grading.verdicts import Graded, earned
from workbook.grading.words import LOOKS

MARK = "\ufeff"  # tells a spreadsheet that the file is in UTF-8
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def report(
    class_: Class, out: Path, titles: Mapping[str, str], sheet: Path | None = None
) -> Iterator[Path]:
    """Write into `out` all that a class gets; yield each file for the teacher to open.

    `sheet` is Moodle's own grading sheet, to be filled. Raises `moodle.NoSheet`.
    """
    pages = {_slug(result): feedback.page(result, titles) for result in class_.results}
    folder = out / "feedback"
    folder.mkdir(parents=True, exist_ok=True)
    for slug, page in pages.items():
        write(folder / f"{slug}.html", page)
    links = {key_of(result): f"feedback/{_slug(result)}.html" for result in class_.results}
    files = {
        "classe.html": class_page.page(class_, titles, links),
        "miroir.html": mirror_page.page(class_, titles, _slug, out),
        "gradebook.csv": MARK + gradebook(class_),
        "grades.json": json.dumps(whole(class_), ensure_ascii=False, indent=1) + "\n",
    }
    from_moodle = [result for result in class_.results if result["moodle"]]
    if from_moodle:
        grades = {result["moodle"]: earned(_graded(result)) for result in from_moodle}
        names = {result["moodle"]: _plain(result["learner"]) for result in from_moodle}
        files["moodle.csv"] = moodle.filled(sheet, grades) if sheet else moodle.new(names, grades)
    for name, content in files.items():
        write(out / name, content)
        yield out / name
    if from_moodle:
        yield _feedback_archive(from_moodle, pages, out)


def gradebook(class_: Class) -> str:
    """A learner a line, as a French spreadsheet expects: points and status, and the total."""
    exercises = [slot.exercise for chapter in class_.chapters for slot in chapter.slots]
    head = ["apprenant", *(f"{id}{end}" for id in exercises for end in ("", " (état)"))]
    rows = [[*head, "total", "sur", "remarques"]]
    for result in class_.results:
        found = _graded(result)
        told = [text for one in found for text in (one.points, LOOKS[one.status].words)]
        points, total = earned(found)
        remarks = " ; ".join(result["remarks"])
        rows.append([_plain(result["learner"]), *told, points, total, _plain(remarks)])
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\n").writerows(rows)
    return written.getvalue()


def whole(class_: Class) -> dict[str, Any]:
    """Every step of every exercise of every learner."""
    return {
        "sandbox": class_.sandbox,
        "chapters": [
            {"key": c.key, "exercises": [slot.exercise for slot in c.slots]}
            for c in class_.chapters
        ],
        "learners": [
            result | {"points": sum_[0], "total": sum_[1]}
            for result in class_.results
            if (sum_ := earned(_graded(result)))
        ],
    }


def _graded(result: dict[str, Any]) -> list[Graded]:
    return [one for chapter in result["chapters"].values() for one in exercises_of(chapter)]


def _slug(result: dict[str, Any]) -> str:
    return Submission(result["learner"], result["moodle"]).slug


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _feedback_archive(
    results: Sequence[dict[str, Any]], pages: Mapping[str, str], out: Path
) -> Path:
    """The zip that Moodle hands out, a page to each learner."""
    path, partial = out / "moodle-feedback.zip", out / ".moodle-feedback.zip"
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for result in results:
            folder = f"{result['learner']}_{result['moodle']}_assignsubmission_file_"
            archive.writestr(f"{folder}/retour.html", pages[_slug(result)])
    partial.replace(path)
    return path
