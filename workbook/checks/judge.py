"""Runs the steps of an exercise on the learner's answers and names the outcome of each."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

from workbook.checks.deadline import TimeUp, within
from workbook.checks.exercise import Exercise, Step
from workbook.checks.lab import Lab
from workbook.checks.learner import finding_of, is_learners, learner_line, marked
from workbook.checks.outcome import Finding, Incorrect, Outcome, Result, StepResult, Verdict
from workbook.checks.patience import patient
from workbook.errors import WorkbookError

BUDGET = 60.0
MOST_BUDGET = 80.0  # nbval is told to give a cell 90 s
CLOSING = 10.0
OUT_OF_TIME = "le temps a manqué"


def judge(exercise: Exercise, answers: tuple[Any, ...], seed: int) -> Result:
    """Run every step that can be; never takes much more than a minute."""
    if any(answer is None or answer is Ellipsis for answer in answers):
        return _untouched(exercise)
    lab = Lab(exercise.services, seed)
    results: dict[Step, StepResult] = {}
    end = time.monotonic() + min(patient(BUDGET), MOST_BUDGET)
    try:
        for step in exercise.steps:
            results[step] = _skipped(step, results, end) or _run(step, lab, answers, end)
            if results[step].finding.hung:
                end = 0.0
    finally:
        _tidy_up(lab)
    steps = tuple(results.values())
    return Result(exercise.id, exercise.title, steps, seed if lab.drawn else None)


def _tidy_up(lab: Lab) -> None:
    """What a step opened may be dead by now, killed by that very step: nothing to tell about."""
    with suppress(Exception, TimeUp):
        within(CLOSING, lab.closing.close)


def _untouched(exercise: Exercise) -> Result:
    finding = Finding(seen="La cellule de réponse n’a pas encore été complétée.")
    steps = tuple(
        StepResult(step.title, step.points, Outcome.NOT_ATTEMPTED, finding)
        for step in exercise.steps
    )
    return Result(exercise.id, exercise.title, steps)


def _skipped(step: Step, results: dict[Step, StepResult], end: float) -> StepResult | None:
    for needed in step.after:
        if results[needed].outcome is not Outcome.PASSED:
            return _result(step, Outcome.SKIPPED, Finding())
    if time.monotonic() >= end:
        return _result(step, Outcome.SKIPPED, Finding(seen=OUT_OF_TIME))
    return None


def _run(step: Step, lab: Lab, answers: tuple[Any, ...], end: float) -> StepResult:
    seconds = min(patient(step.timeout), max(1.0, end - time.monotonic()))

    def call() -> None:
        lab.begin_step()
        step.function(lab, *(marked(answer) for answer in answers))

    try:
        within(seconds, call)
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # whatever the learner's code raises is a verdict
        return _result(step, *_classify(error, lab, seconds))
    return _result(step, Outcome.PASSED, Finding())


def _classify(error: BaseException, lab: Lab, seconds: float) -> tuple[Outcome, Finding]:
    if isinstance(error, TimeUp):
        return _out_of_time(error, seconds)
    if isinstance(error, Incorrect):
        return _incorrect(error, lab)
    if isinstance(error, Verdict):
        return error.outcome, error.finding
    if is_learners(error):
        return _learners(error)
    if isinstance(error, WorkbookError):
        return Outcome.CANNOT_CHECK, Finding(seen=str(error))
    return Outcome.CANNOT_CHECK, _our_bug(error)


def _out_of_time(error: TimeUp, seconds: float) -> tuple[Outcome, Finding]:
    line = learner_line(error.__traceback__)
    if line or is_learners(error):
        return Outcome.ERROR, Finding(
            seen=f"Votre code n’a pas rendu la main en {seconds:.0f} s ; il a été interrompu.",
            expected="un code qui se termine (une boucle sans fin ? une attente sans limite ?)",
            code=line or "",
            hung=True,
        )
    return Outcome.CANNOT_CHECK, Finding(
        seen=f"La vérification ne s’est pas terminée en {seconds:.0f} s. "
        "La machine est peut-être très chargée : relancez cette cellule."
    )


def _incorrect(error: Incorrect, lab: Lab) -> tuple[Outcome, Finding]:
    """An unexpected 500 is the learner's exception, and the card shows that one."""
    for service in lab.services.values():
        if failure := service.failure():
            return Outcome.ERROR, replace(
                error.finding, seen=failure.seen, code=failure.code, exchange=service.last_response
            )
    finding = error.finding
    if finding.exchange is None:
        responses = [s.last_response for s in lab.services.values() if s.last_response is not None]
        finding = replace(finding, exchange=responses[-1] if responses else None)
    return Outcome.INCORRECT, finding


def _learners(error: BaseException) -> tuple[Outcome, Finding]:
    if isinstance(error, NotImplementedError):
        return Outcome.NOT_ATTEMPTED, Finding(seen="Le code à écrire ne l’est pas encore.")
    return Outcome.ERROR, finding_of(error)


def _our_bug(error: BaseException) -> Finding:
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    where = ""
    if traceback is not None:
        where = f" ({traceback.tb_frame.f_code.co_name}, ligne {traceback.tb_lineno})"
    return Finding(
        seen=f"La vérification elle-même a échoué{where} : {type(error).__name__}, {error}"
    )


def _result(step: Step, outcome: Outcome, finding: Finding) -> StepResult:
    return StepResult(step.title, step.points, outcome, finding)
