"""One learner: their notebooks found, their answers taken, run and judged."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from workbook.grading import verdicts
from workbook.grading.pristine import Pristine
from workbook.grading.running import Limits, Run, run
from workbook.grading.submissions import NOTEBOOK, Submission
from workbook.grading.transplant import Picked, Unreadable, chapter_of, pick, read
from workbook.grading.verdicts import Graded
from workbook.views.canvas.words import NBSP

VERSION = 1  # of what is judged and how: raise it when an old result is no longer to be trusted
AT_LEAST = 20.0  # seconds to judge the others, when one answer has taken all the time


@dataclass
class Taken:
    """What one learner handed in, chapter by chapter, before anything is run."""

    submission: Submission
    picked: dict[str, Picked] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def digest(self, chapters: Sequence[Pristine]) -> str:
        """Changes with an answer, with a remark, or with what judges them."""
        kept = {
            "version": VERSION,
            "chapters": [[c.key, c.digest] for c in chapters],
            "answers": {k: [vars(t) for t in p.answers.values()] for k, p in self.picked.items()},
            "remarks": [*self.remarks, *self.unreadable.values()],
        }
        return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:24]


def take(submission: Submission, chapters: Sequence[Pristine]) -> Taken:
    """The answers in what was handed in; of two notebooks of one chapter, the better named."""
    taken = Taken(submission, remarks=[*submission.remarks])
    candidates: dict[str, list[tuple[bool, str, Any]]] = {}
    for path, content in sorted(submission.files.items()):
        if not path.lower().endswith(NOTEBOOK):
            continue
        name = Path(path).stem
        try:
            cells = read(content)
        except Unreadable as error:
            _note_unreadable(taken, path, str(error), chapters)
            continue
        key = chapter_of(cells, chapters)
        if key is None:
            taken.remarks.append(f"{path}{NBSP}: aucun exercice à noter n’y est reconnu.")
            continue
        own = any(chapter.key == key and chapter.name == name for chapter in chapters)
        candidates.setdefault(key, []).append((own, path, cells))
    for chapter in chapters:
        if found := candidates.get(chapter.key):
            _choose(taken, chapter, found)
    return taken


def _note_unreadable(taken: Taken, path: str, why: str, chapters: Sequence[Pristine]) -> None:
    taken.remarks.append(f"{path}{NBSP}: {why}.")
    named = [c.key for c in chapters if c.name in path]
    for key in named or [c.key for c in chapters if len(chapters) == 1]:
        taken.unreadable[key] = why


def _choose(taken: Taken, chapter: Pristine, found: list[tuple[bool, str, Any]]) -> None:
    *others, (_, path, cells) = sorted(found, key=lambda one: (one[0], one[1]))
    picked = pick(cells, chapter)
    picked.path = path
    if others:
        names = ", ".join(other for _, other, _ in others)
        picked.remarks.append(f"plusieurs carnets de ce chapitre{NBSP}: {path} compte, pas {names}")
    taken.picked[chapter.key] = picked
    taken.unreadable.pop(chapter.key, None)


def grade(
    taken: Taken,
    chapters: Sequence[Pristine],
    limits: Limits,
    hidden: Sequence[Path],
    seed: int | None = None,
) -> dict[str, Any]:
    """The result of one learner, as its file keeps it; `seed` is what their checks draw from."""
    graded: dict[str, list[Graded]] = {}
    for chapter in chapters:
        graded[chapter.key] = _chapter(taken, chapter, limits, hidden, seed)
    return _result(taken, graded, taken.digest(chapters))


def not_graded(taken: Taken, chapters: Sequence[Pristine], why: str) -> dict[str, Any]:
    """The result of one learner where the grader itself has failed: the next run tries again."""
    told = verdicts.OUR_FAULT.format(why=why)
    graded = {c.key: [verdicts.not_run(e, None, told) for e in c.exercises] for c in chapters}
    return _result(taken, graded, "")


def _result(taken: Taken, graded: dict[str, list[Graded]], digest: str) -> dict[str, Any]:
    return {
        "learner": taken.submission.name,
        "moodle": taken.submission.moodle,
        "digest": digest,
        "remarks": taken.remarks,
        "chapters": {
            key: {
                "remarks": taken.picked[key].remarks if key in taken.picked else [],
                "exercises": [one.as_json() for one in found],
            }
            for key, found in graded.items()
        },
    }


def _chapter(
    taken: Taken, chapter: Pristine, limits: Limits, hidden: Sequence[Path], seed: int | None
) -> list[Graded]:
    picked = taken.picked.get(chapter.key)
    if picked is None:
        why = taken.unreadable.get(chapter.key)
        told = verdicts.UNREADABLE.format(why=why) if why else ""
        return [verdicts.not_run(exercise, None, told) for exercise in chapter.exercises]
    if all(t.source is None or t.untouched for t in picked.answers.values()):
        return [verdicts.not_run(e, picked.answers[e.id]) for e in chapter.exercises]
    return _judged(chapter, picked, limits, hidden, seed)


def _judged(
    chapter: Pristine, picked: Picked, limits: Limits, hidden: Sequence[Path], seed: int | None
) -> list[Graded]:
    """Run, and run again without the answer that took the kernel: the others are judged too."""
    answers, ended = picked.sources, {}
    deadline = time.monotonic() + limits.total
    while True:
        left = max(AT_LEAST, deadline - time.monotonic())
        found = _run(chapter, answers, replace(limits, total=left), hidden, seed)
        graded = {one.exercise: one for one in verdicts.judged(chapter, picked, found)}
        guilty = verdicts.culprit(chapter, found)
        if guilty is None or guilty in ended or guilty not in answers:
            break
        ended[guilty] = graded[guilty]
        del answers[guilty]
    return list((graded | ended).values())


def _run(
    chapter: Pristine,
    answers: dict[str, str],
    limits: Limits,
    hidden: Sequence[Path],
    seed: int | None,
) -> Run:
    notebook, concealed = chapter.with_answers(answers), [*chapter.hidden, *hidden]
    return run(chapter.name, notebook, chapter.modules, limits, concealed, seed)
