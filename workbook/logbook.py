"""The learner's logbook: what was checked, hinted and revealed, on their disk and nowhere else.

One JSON object a line, only ever appended, in `.workbook/progress.jsonl` (`WORKBOOK_PROGRESS`
names another file). Each record is one `write` in append mode, so that several notebooks can write
at once (one that meets another's write half-way starts a new line: an empty one is nothing); a
line torn by a crash is skipped when reading. Under pytest, records go to a temporary
file: a test or a grading run is not the learner's progress.

(Not called `progress`: `from workbook import progress` is the function below, and a module of that
name would take its place.)
"""

from __future__ import annotations

import atexit
import functools
import html
import json
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

REAL_ATTEMPTS = ("passed", "incorrect", "error")
DEFAULT = Path(__file__).resolve().parent.parent / ".workbook" / "progress.jsonl"


def path() -> Path:
    """The file in use."""
    if chosen := os.environ.get("WORKBOOK_PROGRESS"):
        return Path(chosen)
    return _temporary() if "PYTEST_CURRENT_TEST" in os.environ else DEFAULT


def record(kind: str, exercise: str, **details: Any) -> None:
    """Append one record (`check`, `hint` or `solution`); raises `OSError` when the disk refuses."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    entry = {"time": now, "kind": kind, "exercise": exercise, **details}
    line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    descriptor = os.open(target, flags, 0o644)
    try:
        os.write(descriptor, line if _ends_whole(descriptor) else b"\n" + line)
    finally:
        os.close(descriptor)


def records() -> Iterator[dict[str, Any]]:
    """Every readable record, oldest first."""
    try:
        content = path().read_bytes()
    except FileNotFoundError:
        return
    for line in content.split(b"\n"):
        entry = _parsed(line)
        if entry is not None:
            yield entry


def hints_taken(exercise: str) -> int:
    """How many of its hints were shown."""
    taken = (r for r in _about(exercise) if r["kind"] == "hint")
    return max((r["stage"] for r in taken if isinstance(r.get("stage"), int)), default=0)


def attempted(exercise: str) -> bool:
    """Whether a real answer was ever checked, right or wrong."""
    return any(r["kind"] == "check" and r.get("outcome") in REAL_ATTEMPTS for r in _about(exercise))


@dataclass(frozen=True)
class Line:
    """One exercise in the table."""

    exercise: str
    title: str
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


class Progress:
    """The table `progress()` returns: one block a chapter, drawn by the notebook."""

    def __init__(self, lines: Iterable[Line]) -> None:
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
        rows = [("", "exercice", "points", "essais", "indices", "état")]
        for chapter, lines in self.chapters.items():
            rows.append((chapter_name(chapter), "", _sum(lines), "", "", ""))
            rows += [("", line.title, *_cells(line)) for line in lines]
        widths = [max(len(row[i]) for row in rows) for i in range(6)]
        written = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        return "\n".join([*written, f"Total : {self.points}/{self.total} points"])

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th scope="col" style="text-align:{"left" if name == "Exercice" else "right"}">'
            f"{name}</th>"
            for name in ("Exercice", "Points", "Essais", "Indices", "État")
        )
        body = "".join(_chapter_html(name, lines) for name, lines in self.chapters.items())
        return (
            '<table style="color:inherit"><caption style="text-align:left;color:inherit">'
            f"Votre progression : <strong>{self.points} points sur {self.total}</strong></caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def progress(chapter: str | None = None) -> Progress:
    """The learner's progress, in the whole course or in one `chapter` (`"ch07"`)."""
    from workbook.checks.registry import all_exercises

    by_exercise = defaultdict(list)
    for entry in records():
        by_exercise[entry["exercise"]].append(entry)
    exercises = all_exercises()
    chosen = [e for e in exercises if chapter in (None, e.id.partition(".")[0])]
    return Progress(_line(exercise, by_exercise[exercise.id]) for exercise in chosen)


def chapter_name(prefix: str) -> str:
    """`Chapitre 07` for `ch07`, `Lab 2` for `lab2`."""
    if prefix.startswith("ch"):
        return f"Chapitre {prefix[2:]}"
    return f"Lab {prefix[3:]}" if prefix.startswith("lab") else prefix


def _line(exercise: Any, entries: list[dict[str, Any]]) -> Line:
    checks = [e for e in entries if e["kind"] == "check" and e.get("outcome") in REAL_ATTEMPTS]
    earned = [e["points"] for e in checks if isinstance(e.get("points"), int)]
    stages = [e["stage"] for e in entries if isinstance(e.get("stage"), int)]
    return Line(
        exercise=exercise.id,
        title=exercise.title,
        points=min(max(earned, default=0), exercise.points),
        total=exercise.points,
        attempts=len(checks),
        hints=max(stages, default=0),
        revealed=any(e["kind"] == "solution" for e in entries),
    )


def _cells(line: Line) -> tuple[str, str, str, str]:
    state = f"{line.state}, solution vue" if line.revealed else line.state
    return (f"{line.points}/{line.total}", str(line.attempts), str(line.hints), state)


def _sum(lines: list[Line]) -> str:
    return f"{sum(line.points for line in lines)}/{sum(line.total for line in lines)}"


def _chapter_html(prefix: str, lines: list[Line]) -> str:
    head = (
        f'<tr><th scope="rowgroup" style="text-align:left">{chapter_name(prefix)}</th>'
        f"<th>{_sum(lines)}</th><th></th><th></th><th></th></tr>"
    )
    rows = "".join(
        f'<tr><td style="text-align:left">{html.escape(line.title)}</td>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in _cells(line))
        + "</tr>"
        for line in lines
    )
    return head + rows


def _about(exercise: str) -> Iterator[dict[str, Any]]:
    return (entry for entry in records() if entry["exercise"] == exercise)


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    whole = isinstance(entry, dict) and {"kind", "exercise"} <= entry.keys()
    return entry if whole and isinstance(entry["exercise"], str) else None


def _ends_whole(descriptor: int) -> bool:
    size = os.lseek(descriptor, 0, os.SEEK_END)
    if size == 0:
        return True
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1) == b"\n"


@functools.cache
def _temporary() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="workbook-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder / "progress.jsonl"
