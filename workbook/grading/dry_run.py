"""What would be taken of a learner's notebooks, and how it would be judged, before handing in.

The very code that grades: what is shown here is the grade, hidden checks aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from workbook.grading import keeper, learner, sandbox
from workbook.grading.pristine import Pristine, pristine
from workbook.grading.running import Limits
from workbook.grading.submissions import Submission, alone
from workbook.grading.verdicts import Graded, earned, exercises_of
from workbook.grading.words import LOOKS
from workbook.settings import ROOT
from workbook.views.canvas.words import NBSP, plural

NOTHING = "Aucune réponse n’y est commencée."
LEARNERS_FOLDERS = ("notebooks", "labs")


def lines(
    place: Path | None,
    root: Path = ROOT,
    keys: Sequence[str] = (),
    limits: Limits | None = None,
) -> Iterator[str]:
    """What to tell, line by line, as it becomes known; raises `NothingToGrade`."""
    chapters = pristine(root, keys)
    taken = learner.take(_own(place, root), chapters)
    chapters = [c for c in chapters if c.key in (*taken.picked, *taken.unreadable)]
    yield from (f"! {remark}" for remark in taken.remarks)
    for chapter in chapters:
        if chapter.key in taken.picked:
            yield from _taken(chapter, taken)
    begun = [c for c in chapters if _is_begun(taken, c)]
    if not begun:
        yield NOTHING
        return
    yield f"Vérification dans un carnet neuf. {sandbox.state() if sandbox.works() else ''}".strip()
    keeper.adopt_orphans()
    result = learner.grade(taken, begun, limits or Limits(), [])
    graded = [one for chapter in result["chapters"].values() for one in exercises_of(chapter)]
    yield from map(_verdict, graded)
    points, total = earned(graded)
    yield f"{plural(points, 'point')} sur {total}, comme si vous remettiez maintenant."


def _own(place: Path | None, root: Path) -> Submission:
    if place is not None:
        return alone(place)
    found = Submission("vous")
    for folder in LEARNERS_FOLDERS:
        if (root / folder).is_dir():
            inner = alone(root / folder)
            for path, content in inner.files.items():
                found.add(f"{folder}/{path}", content)
            found.remarks += inner.remarks
    return found


def _is_begun(taken: learner.Taken, chapter: Pristine) -> bool:
    picked = taken.picked.get(chapter.key)
    if picked is None:
        return False
    return any(one.source is not None and not one.untouched for one in picked.answers.values())


def _taken(chapter: Pristine, taken: learner.Taken) -> Iterator[str]:
    picked = taken.picked[chapter.key]
    yield f"{chapter.name}{NBSP}:"
    for one in picked.answers.values():
        state = "absente" if one.source is None else "pas commencée" if one.untouched else "prise"
        told = f" ({' ; '.join(one.remarks)})" if one.remarks else ""
        yield f"  {one.exercise}{NBSP}: réponse {state}{told}"
    yield from (f"  ! {remark}" for remark in picked.remarks)


def _verdict(one: Graded) -> str:
    look = LOOKS[one.status]
    why = f" · {one.told}" if one.told else ""
    return f"  {look.sign} {one.exercise}{NBSP}: {look.words}, {one.points} sur {one.total}{why}"
