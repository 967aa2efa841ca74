"""What a graded class is written as: two tables, the whole as JSON, pages, Moodle's archive."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbook.grading import class_page, feedback, mirror_page, moodle, rubric
from workbook.grading.grading import Class
from workbook.grading.ledger import Ledger, plain
from workbook.grading.marks import ByHand, ChapterMark, Mark, figure
from workbook.grading.pairs import key_of
from workbook.grading.submissions import Submission
from workbook.grading.verdicts import Graded, exercises_of
from workbook.grading.words import LOOKS
from workbook.grading.writing import plain as plain_text
from workbook.grading.writing import table, write


def report(
    class_: Class | Ledger, out: Path, titles: Mapping[str, str], sheet: Path | None = None
) -> Iterator[Path]:
    """Write into `out` all that a class gets; yield each file for the teacher to open.

    `sheet` is Moodle's own grading sheet, to be filled. Raises `moodle.NoSheet`.
    """
    ledger = class_ if isinstance(class_, Ledger) else plain(class_)
    results, marks = ledger.class_.results, ledger.marks
    pages = {_slug(one): feedback.page(one, titles, marks[key_of(one)]) for one in results}
    folder = out / "feedback"
    folder.mkdir(parents=True, exist_ok=True)
    for page in folder.glob("*.html"):  # of learners who were named otherwise
        if page.stem not in pages:
            page.unlink()
    for slug, page in pages.items():
        write(folder / f"{slug}.html", page)
    links = {key_of(result): f"feedback/{_slug(result)}.html" for result in results}
    files = {
        "classe.html": class_page.page(ledger, titles, links),
        "miroir.html": mirror_page.page(ledger.class_, titles, _slug, out),
        "gradebook.csv": gradebook(ledger),
        "grades.json": json.dumps(whole(ledger), ensure_ascii=False, indent=1) + "\n",
    }
    if ledger.rubric:
        files[rubric.FILE] = ledger.rubric
    from_moodle = [result for result in results if result["moodle"]]
    if from_moodle:
        found = {result["moodle"]: marks[key_of(result)] for result in from_moodle}
        grades = {number: (mark.points, mark.total) for number, mark in found.items()}
        names = {result["moodle"]: plain_text(result["learner"]) for result in from_moodle}
        files["moodle.csv"] = moodle.filled(sheet, grades) if sheet else moodle.new(names, grades)
    for name, content in files.items():
        write(out / name, content)
        yield out / name
    if from_moodle:
        yield _feedback_archive(from_moodle, pages, out)


def gradebook(ledger: Ledger) -> str:
    """A learner a line, as a French spreadsheet expects: points and status, and the total.

    Where there are rules, also what each chapter comes to under them, and the grade.
    """
    class_, rules = ledger.class_, ledger.rules
    exercises = [slot.exercise for chapter in class_.chapters for slot in chapter.slots]
    head = ["apprenant", *(f"{id}{end}" for id in exercises for end in ("", " (état)"))]
    head += [f"{id} (à la main)" for id in rules.rubric]
    dated = [chapter.key for chapter in class_.chapters if chapter.key in rules.deadlines]
    head += [f"{key} ({what})" for key in dated for what in ("jours de retard", "pénalité, %")]
    scale = ["note"] if rules.out_of is not None else []
    rows: list[list[object]] = [[*head, "total", "sur", *scale, "remarques"]]
    for result in class_.results:
        mark = ledger.marks[key_of(result)]
        told = [text for one in _graded(result) for text in (one.points, LOOKS[one.status].words)]
        told += [_given(mark, id) for id in rules.rubric]
        late = [mark.chapters[key] for key in dated]
        told += [text for one in late for text in (one.days, figure(100 * one.rate))]
        sums = [figure(mark.points), figure(mark.total)]
        sums += ["" if mark.note is None else figure(mark.note)] * len(scale)
        remarks = " ; ".join(result["remarks"])
        rows.append([result["learner"], *told, *sums, remarks])
    return table(rows)


def _given(mark: Mark, id: str) -> str:
    """The points by hand of one rubric; empty while they are waited for."""
    found = [one for chapter in mark.chapters.values() for one in chapter.by_hand if one.id == id]
    return figure(found[0].points) if found and not found[0].waits else ""


def whole(ledger: Ledger) -> dict[str, Any]:
    """Every step of every exercise of every learner, and what each mark comes from."""
    class_ = ledger.class_
    return {
        "sandbox": class_.sandbox,
        "rules": ledger.rules.name,
        "chapters": [
            {"key": c.key, "digest": c.digest, "exercises": [slot.exercise for slot in c.slots]}
            for c in class_.chapters
        ],
        "learners": [result | _sums(ledger.marks[key_of(result)]) for result in class_.results],
    }


def _sums(mark: Mark) -> dict[str, Any]:
    note = {} if mark.note is None else {"note": round(mark.note, 4)}
    marks = {key: _told(one) for key, one in mark.chapters.items()}
    sums = {"points": _number(mark.points), "total": _number(mark.total)}
    return {**sums, **note, "marks": marks}


def _told(one: ChapterMark) -> dict[str, Any]:
    return {
        "points": _number(one.points),
        "total": _number(one.total),
        "weight": one.weight,
        "weights": dict(one.weights),
        "handed_in": one.moment and one.moment.at.isoformat(" ", "minutes"),
        "known_from": one.moment and one.moment.source,
        "due": one.due and one.due.isoformat(" ", "minutes"),
        "days_late": one.days,
        "rate": one.rate,
        "by_hand": {by_hand.id: _by_hand(by_hand) for by_hand in one.by_hand},
    }


def _by_hand(one: ByHand) -> dict[str, Any]:
    return {"given": dict(one.given), "worth": dict(one.worth), "comment": one.comment}


def _number(value: float) -> float:
    """A whole number as one."""
    return int(value) if value == int(value) else round(value, 4)


def _graded(result: dict[str, Any]) -> list[Graded]:
    return [one for chapter in result["chapters"].values() for one in exercises_of(chapter)]


def _slug(result: dict[str, Any]) -> str:
    return Submission(result["learner"], result["moodle"]).slug


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
