"""Grades a class: submissions in parallel, one result file each, resumed where it was stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook.bets.collect import Classroom, of_files
from workbook.errors import WorkbookError
from workbook.grading import keeper, learner, sandbox
from workbook.grading.pristine import Pristine, pristine
from workbook.grading.running import NOT_HERE, STOPPING, Limits, Stopped, sweep
from workbook.grading.submissions import Submission, collect
from workbook.settings import ROOT
from workbook.views.canvas.words import NBSP, plural

RESULTS = "results"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Class:
    """A graded class: the chapters, the result of each learner in the order of their names.

    `bets` are those of the logbooks and notebooks that were handed in, by learner's slug.
    """

    chapters: list[Pristine]
    results: list[dict[str, Any]]
    sandbox: str
    bets: Classroom = field(default_factory=Classroom)


def grade(
    place: Path,
    out: Path,
    *,
    root: Path = ROOT,
    keys: Sequence[str] = (),
    jobs: int = 0,
    again: Sequence[str] = (),
    limits: Limits | None = None,
    progress: Progress = print,
) -> Class:
    """Grade the submissions at `place` into `out`; those already graded there are kept.

    `keys` are the chapters to grade, all those that somebody handed in if none; `again` names
    learners to grade anew. Raises `NothingToGrade`, and `WorkbookError` for an unknown name.
    """
    if os.name == "nt":
        raise WorkbookError(NOT_HERE)
    submissions = collect(place)
    chapters = pristine(root, keys)
    taken = [learner.take(one, chapters) for one in submissions]
    if not keys:
        seen = {key for one in taken for key in (*one.picked, *one.unreadable)}
        chapters = [chapter for chapter in chapters if chapter.key in seen]
    if not chapters:
        raise WorkbookError("Aucun de ces envois ne contient un carnet du cours.")
    _require_known(again, submissions)
    results = out / RESULTS
    results.mkdir(parents=True, exist_ok=True)
    due = [one for one in taken if not _is_graded(one, chapters, results, again)]
    kept = len(taken) - len(due)
    progress(f"{plural(len(taken), 'envoi')}, {kept} déjà noté{'s' if kept > 1 else ''}.")
    progress(f"Isolement{NBSP}: {sandbox.state()}")
    keeper.adopt_orphans()
    sweep()
    hidden = [place.resolve(), out.resolve(), root / "solutions", root / ".git"]
    _grade_all(due, chapters, results, limits or Limits(), hidden, jobs, progress)
    found = [json.loads(_file(results, one.submission).read_bytes()) for one in taken]
    bets = of_files({one.slug: one.files for one in submissions})
    return Class(chapters, found, sandbox.state(), bets)


def _require_known(again: Sequence[str], submissions: list[Submission]) -> None:
    known = {one.name for one in submissions}
    if unknown := [name for name in again if name not in known]:
        raise WorkbookError(f"Personne ne s’appelle « {unknown[0]} » dans ces envois.")


def _is_graded(
    taken: learner.Taken, chapters: Sequence[Pristine], results: Path, again: Sequence[str]
) -> bool:
    if taken.submission.name in again:
        return False
    try:
        kept = json.loads(_file(results, taken.submission).read_bytes())
        return kept["digest"] == taken.digest(chapters)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _file(results: Path, submission: Submission) -> Path:
    return results / f"{submission.slug}.json"


def _grade_all(
    due: list[learner.Taken],
    chapters: list[Pristine],
    results: Path,
    limits: Limits,
    hidden: list[Path],
    jobs: int,
    progress: Progress,
) -> None:
    def one(taken: learner.Taken) -> str:
        try:
            result = learner.grade(taken, chapters, limits, hidden)
        except Stopped:
            return ""
        except Exception as error:  # a fault of ours costs one learner a new run, not the class
            result = learner.not_graded(taken, chapters, repr(error))
        if not STOPPING.is_set():
            write(_file(results, taken.submission), json.dumps(result, ensure_ascii=False))
        return taken.submission.name

    STOPPING.clear()
    pool = ThreadPoolExecutor(max_workers=jobs or os.cpu_count() or 1)
    pending = {pool.submit(one, taken) for taken in due}
    done = 0
    try:
        while pending:
            ended, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in ended:
                done += 1
                progress(f"[{done}/{len(due)}] {future.result()}")
    finally:
        if pending:  # interrupted: what runs for nothing ends now
            STOPPING.set()
            keeper.end_all(os.getpid())
        pool.shutdown(cancel_futures=True)


def write(path: Path, text: str) -> None:
    """Replace a file at once: a reader, or a kill, sees the old one or the new one."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with partial.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
