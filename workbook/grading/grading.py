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
from workbook.grading import changes, keeper, learner, sandbox
from workbook.grading.pristine import Pristine, pristine
from workbook.grading.pseudonyms import aliases
from workbook.grading.rules import Rules
from workbook.grading.running import NOT_HERE, STOPPING, Limits, Stopped, sweep
from workbook.grading.submissions import Submission, collect
from workbook.grading.writing import write
from workbook.settings import ROOT
from workbook.views.canvas.words import NBSP, plural

RESULTS = "results"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Class:
    """A graded class: the chapters, and the result of each learner in the order of their names.

    `taken` is what was taken of each, in that order; `bets` are those of the logbooks and notebooks
    that were handed in, by learner's slug.
    """

    chapters: list[Pristine]
    results: list[dict[str, Any]]
    sandbox: str
    taken: Sequence[learner.Taken] = ()
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
    never_lower: bool = False,
    progress: Progress = print,
) -> Class:
    """Grade the submissions at `place` into `out`; those already graded there are kept.

    `keys` are the chapters to grade, all those that somebody handed in if none; `again` names
    learners to grade anew. Graded anew, an exercise keeps its points where `never_lower` is set and
    it would lose some. Raises `NothingToGrade`, and `WorkbookError` for an unknown name.
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
    keys_of = [(one.submission.name, one.submission.moodle) for one in taken]
    seeds = {key: alias.seed for key, alias in aliases(out, keys_of, Rules()).items()}

    def one(learners: learner.Taken) -> None:
        file = _file(results, learners.submission)
        seed = seeds[learners.submission.name, learners.submission.moodle]
        result = _result(learners, chapters, limits or Limits(), hidden, seed)
        kept = _read(file) if never_lower else None
        if result and not STOPPING.is_set():
            write(file, json.dumps(changes.never_lower(kept, result), ensure_ascii=False))

    _grade_all(due, one, jobs, progress)
    found = [json.loads(_file(results, one.submission).read_bytes()) for one in taken]
    bets = of_files({one.slug: one.files for one in submissions})
    return Class(chapters, found, sandbox.state(), taken, bets)


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


def _read(file: Path) -> dict[str, Any] | None:
    """A result that was kept; None where there is none, or not a whole one."""
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None


def _result(
    taken: learner.Taken,
    chapters: list[Pristine],
    limits: Limits,
    hidden: list[Path],
    seed: int,
) -> dict[str, Any] | None:
    """What one learner comes to; None once the grader was interrupted."""
    try:
        return learner.grade(taken, chapters, limits, hidden, seed)
    except Stopped:
        return None
    except Exception as error:  # a fault of ours costs one learner a new run, not the class
        return learner.not_graded(taken, chapters, repr(error))


def _grade_all(
    due: list[learner.Taken], one: Callable[[learner.Taken], None], jobs: int, progress: Progress
) -> None:
    """Grade those that are `due`, several at once, each by `one`."""

    def named(taken: learner.Taken) -> str:
        one(taken)
        return taken.submission.name

    STOPPING.clear()
    pool = ThreadPoolExecutor(max_workers=jobs or os.cpu_count() or 1)
    pending = {pool.submit(named, taken) for taken in due}
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
