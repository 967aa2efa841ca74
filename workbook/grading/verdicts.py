"""One status an exercise, from what the strict run told of its two cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from workbook.checks.card import Card
from workbook.checks.exercise import Exercise
from workbook.checks.outcome import Outcome, Result
from workbook.checks.receipt import heard
from workbook.checks.receipt import told as verdict_of
from workbook.grading.pristine import Pristine, Slot
from workbook.grading.running import Run
from workbook.grading.transplant import Picked, Taken


class Status(StrEnum):
    """What an exercise comes to; `cannot_check` never counts against the learner."""

    PASSED = "passed"
    PARTLY = "partly"
    INCORRECT = "incorrect"
    NOT_ATTEMPTED = "not_attempted"
    ERROR = "error"
    TIME_OUT = "time_out"
    KERNEL_DIED = "kernel_died"
    CANNOT_CHECK = "cannot_check"


OF_OUTCOME = {
    Outcome.PASSED: Status.PASSED,
    Outcome.NOT_ATTEMPTED: Status.NOT_ATTEMPTED,
    Outcome.INCORRECT: Status.INCORRECT,
    Outcome.ERROR: Status.ERROR,
    Outcome.CANNOT_CHECK: Status.CANNOT_CHECK,
    Outcome.SKIPPED: Status.CANNOT_CHECK,
}
TAMPERED = (
    "Pendant cette vérification, le code qui juge n’était plus celui du cours : "
    "elle ne compte pas. Une cellule a-t-elle remplacé une fonction de la bibliothèque ?"
)
FORGED = "Plusieurs verdicts ont été affichés pour une seule vérification : aucun ne compte."
HIDDEN = "La vérification s’est terminée sans rendre son verdict."
TOO_LONG = "Votre code n’a pas rendu la main dans le temps accordé à une cellule."
DIED = "Le noyau s’est arrêté pendant que votre code tournait."
LIMIT = "Votre code a été arrêté : {limit}, plus qu’il n’en est accordé."
NOT_OURS = "Une cellule du cours n’a pas pu tourner : {why}"
NOT_STARTED = "Le noyau n’a pas démarré : {why}"
OUR_FAULT = "Le correcteur a échoué : {why}. Relancez la notation."
UNREADABLE = "Le carnet remis n’est pas lisible : {why}."


@dataclass(frozen=True)
class Graded:
    """The grade of one exercise, and what explains it."""

    exercise: str
    title: str
    status: Status
    points: int
    total: int
    told: str = ""
    verdict: dict[str, Any] | None = None
    steps: tuple[dict[str, Any], ...] = ()
    answer: str = ""
    remarks: tuple[str, ...] = ()
    suspect: bool = False
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """What the result file keeps."""
        return {**vars(self), "status": self.status.value, "steps": list(self.steps)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Graded:
        """What a result file kept."""
        return cls(
            **kept
            | {
                "status": Status(kept["status"]),
                "steps": tuple(kept["steps"]),
                "remarks": tuple(kept["remarks"]),
            }
        )

    def result(self, exercise: Exercise) -> Result | None:
        """The verdict of its check, drawn again from what was kept; None if it gave none."""
        return _heard(exercise, self.verdict) if self.verdict else None


def not_run(exercise: Exercise, taken: Taken | None, told: str = "") -> Graded:
    """An exercise whose notebook was not run: nothing was written in it, or it cannot be read."""
    status = Status.CANNOT_CHECK if told else Status.NOT_ATTEMPTED
    return Graded(
        exercise.id,
        exercise.title,
        status,
        0,
        exercise.points,
        told=told,
        steps=_steps_without(exercise, status),
        answer=(taken.source or "") if taken else "",
        remarks=taken.remarks if taken else (),
    )


def judged(chapter: Pristine, picked: Picked, run: Run) -> list[Graded]:
    """The grade of each exercise of a notebook that was run."""
    exercises = {exercise.id: exercise for exercise in chapter.exercises}
    return [
        _judged(exercises[slot.exercise], slot, chapter, picked.answers[slot.exercise], run)
        for slot in chapter.slots
    ]


def culprit(chapter: Pristine, run: Run) -> str | None:
    """The exercise whose cell took the kernel, or all the time, from those that follow."""
    for slot in chapter.slots:
        states = [run.cells.get(cell, {}).get("state") for cell in (slot.cell, slot.check)]
        lost = "died" in states or ("timeout" in states and _kernel_lost(run))
        if lost or (run.cells and not run.ended and None in states):
            return slot.exercise
    return None


def _kernel_lost(run: Run) -> bool:
    return any(event["state"] == "dead" for event in run.cells.values())


def _judged(exercise: Exercise, slot: Slot, chapter: Pristine, taken: Taken, run: Run) -> Graded:
    if taken.source is None or taken.untouched:
        return not_run(exercise, taken)
    answer, check = run.cells.get(slot.cell), run.cells.get(slot.check)
    base = Graded(
        exercise.id,
        exercise.title,
        Status.CANNOT_CHECK,
        0,
        exercise.points,
        answer=taken.source or "",
        remarks=taken.remarks,
        seconds=sum((cell or {}).get("seconds", 0.0) for cell in (answer, check)),
    )
    if not run.started or not run.cells:
        return _without(exercise, base, Status.CANNOT_CHECK, NOT_STARTED.format(why=run.told))
    if failed := _failed_badly(answer, check, run):
        return _without(exercise, base, *failed)
    return _by_receipt(exercise, base, chapter, slot, run)


def _failed_badly(
    answer: dict[str, Any] | None, check: dict[str, Any] | None, run: Run
) -> tuple[Status, str] | None:
    """A cell that never ended, or that ended the kernel."""
    for cell in (answer, check):
        if cell is None:
            return (Status.TIME_OUT, TOO_LONG) if run.out_of_time else (Status.KERNEL_DIED, DIED)
        if cell["state"] == "timeout":
            return Status.TIME_OUT, TOO_LONG
        if cell["state"] == "died":
            told = LIMIT.format(limit=cell["told"]) if cell["told"] else DIED
            return Status.KERNEL_DIED, told
        if cell["state"] == "dead":
            return Status.KERNEL_DIED, "Le noyau s’est arrêté avant cette réponse."
    return None


def _by_receipt(
    exercise: Exercise, base: Graded, chapter: Pristine, slot: Slot, run: Run
) -> Graded:
    answer, check = run.cells[slot.cell], run.cells[slot.check]
    receipts = check.get("receipts", [])
    if check.get("tampered"):
        told = f"{TAMPERED} ({', '.join([*dict.fromkeys(check['tampered'])][:3])})"
        return replace(_without(exercise, base, Status.ERROR, told), suspect=True)
    if len(receipts) > 1:
        return replace(_without(exercise, base, Status.ERROR, FORGED), suspect=True)
    if not receipts:
        return _without_receipt(exercise, base, chapter, slot, run)
    result = _heard(exercise, receipts[0])
    if result is None or result.exercise != exercise.id:
        return replace(_without(exercise, base, Status.ERROR, FORGED), suspect=True)
    status = OF_OUTCOME[result.outcome]
    if status is Status.PASSED and check["state"] != "ok":
        return replace(_without(exercise, base, Status.ERROR, HIDDEN), suspect=True)
    if status is Status.NOT_ATTEMPTED and answer["state"] == "error":
        status = Status.ERROR
    if status in (Status.INCORRECT, Status.ERROR) and result.points:
        status = Status.PARTLY
    told = answer["told"] if answer["state"] == "error" else ""
    return replace(
        base,
        status=status,
        points=result.points,
        told=told,
        verdict=verdict_of(Card(result)),
        steps=tuple(
            {"title": s.title, "worth": s.worth, "outcome": s.outcome.value, "points": s.points}
            for s in result.steps
        ),
    )


def _without_receipt(
    exercise: Exercise, base: Graded, chapter: Pristine, slot: Slot, run: Run
) -> Graded:
    answer, check = run.cells[slot.cell], run.cells[slot.check]
    if answer["state"] == "error" and answer["told"]:
        return _without(exercise, base, Status.ERROR, answer["told"])
    if broken := _broken_before(chapter, slot, run):
        return _without(exercise, base, Status.CANNOT_CHECK, NOT_OURS.format(why=broken))
    if check["state"] == "error" and check["told"]:
        return _without(exercise, base, Status.ERROR, check["told"])
    return replace(_without(exercise, base, Status.ERROR, HIDDEN), suspect=True)


def _broken_before(chapter: Pristine, slot: Slot, run: Run) -> str:
    """What a cell of the course's own said before the first answer, if it failed."""
    first = chapter.slots[0].cell
    for cell in chapter.notebook["cells"]:
        if cell["id"] == first:
            return ""
        event = run.cells.get(cell["id"])
        if event and event["state"] != "ok":
            return event["told"] or event["state"]
    return ""


def _heard(exercise: Exercise, verdict: Any) -> Result | None:
    worths = [(step.title, step.points) for step in exercise.steps]
    try:
        return heard(verdict, exercise.title, worths)
    except ValueError:
        return None


def _without(exercise: Exercise, base: Graded, status: Status, told: str) -> Graded:
    return replace(base, status=status, told=told, steps=_steps_without(exercise, status))


def _steps_without(exercise: Exercise, status: Status) -> tuple[dict[str, Any], ...]:
    """Every step, unreached."""
    attempted = status is not Status.NOT_ATTEMPTED
    outcome = Outcome.SKIPPED if attempted else Outcome.NOT_ATTEMPTED
    return tuple(
        {"title": s.title, "worth": s.points, "outcome": outcome.value, "points": 0}
        for s in exercise.steps
    )


def exercises_of(chapter: Mapping[str, Any]) -> list[Graded]:
    """The grades that a result file keeps of one chapter."""
    return [Graded.from_json(kept) for kept in chapter["exercises"]]


def earned(graded: Sequence[Graded]) -> tuple[int, int]:
    """Points, and the points they are out of: what could not be checked is in neither."""
    counted = [one for one in graded if one.status is not Status.CANNOT_CHECK]
    return sum(one.points for one in counted), sum(one.total for one in counted)
