"""A learner's worker under test, from its `%%service … --worker` cell, and the plan that kills it.

What it does is a verdict; the finding of one that a death shows says how to see that death again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from workbook.checks.exercise import Exercise
from workbook.checks.expectations import eventually
from workbook.checks.harness import Harness, LearnerService, death
from workbook.checks.outcome import Finding, Incorrect
from workbook.errors import WorkbookError
from workbook.failures import worker
from workbook.failures.plan import Plan, play
from workbook.views.canvas.words import NBSP


class Worker(worker.Worker):
    """The learner's worker `name`, apart from the one that runs in the notebook."""

    def __init__(
        self, harness: Harness, name: str, queue: str, place: str = "", journal: str = ""
    ) -> None:
        super().__init__(harness, name, queue, LearnerService(name).source, place, journal)
        self.harness = harness

    def complain_of_queue(self) -> None:
        """It runs and has declared no queue."""
        raise Incorrect(
            Finding(
                seen=f"Votre worker tourne, mais la file « {self.queue} » n’existe pas.",
                expected=f"un worker qui déclare « {self.queue} » et la lit",
                meaning="Les messages publiés n’auraient nulle part où attendre.",
            )
        )

    def complain_of_end(self, how: str) -> None:
        """It ended though nobody killed it."""
        raise death(self.name, self.output, str(self.script), how)

    def await_that(
        self, observe: Callable[[], Any], until: Callable[[Any], object] = bool, **words: Any
    ) -> Any:
        """`eventually`, cut short when the worker dies."""

        def look() -> Any:
            self.require_running()
            return observe()

        return eventually(look, until, **words)


@contextmanager
def plan_told(exercise: Exercise, worker: Worker, sent: Callable[[], Any]) -> Iterator[None]:
    """Add to an incorrect finding the death that led to it, its books, and how to see it again."""
    try:
        yield
    except Incorrect as verdict:
        if worker.last_death is None or exercise.trial is None:
            raise
        death = worker.last_death
        plan = Plan(death.nth, death, exercise.trial.books(worker, sent()))
        raise Incorrect(replace(verdict.finding, more=_rows(exercise, plan))) from verdict


def _rows(exercise: Exercise, plan: Plan) -> tuple[tuple[str, str], ...]:
    lines = plan.rows()
    books = "\n".join(f"{what}{NBSP}: {found} (attendu{NBSP}: {due})" for what, due, found in lines)
    return (
        ("La panne fatale", f"{', puis '.join(plan.sequence())}."),
        ("Les livres", books),
        ("Pour la revoir", f"`{replay_line(exercise.id, plan.nth)}`"),
    )


def replay_line(id: str, nth: int) -> str:
    """The line of code that plays a plan again."""
    return f"from workbook.checks import replay; replay({json.dumps(id)}, {nth})"


def replayed(exercise: Exercise, nth: int, harness: Harness) -> Plan:
    """Play the plan of that number with the learner's worker, in a place of its own."""
    trial = exercise.trial
    if trial is None:
        raise WorkbookError(f"« {exercise.id} » ne tue pas de worker{NBSP}: rien à rejouer.")
    plan = play(LearnerService(trial.name).source, trial, harness, nth)
    if plan is None:
        raise WorkbookError(
            f"Cette fois, votre worker a tout traité sans passer par son {nth}e instant{NBSP}: "
            "relancez, ou essayez un numéro plus petit."
        )
    return plan
