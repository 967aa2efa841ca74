"""Runs the steps of an exercise on the learner's answers and names the outcome of each."""

from __future__ import annotations

import reprlib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from workbook.checks.deadline import TimeUp, within
from workbook.checks.exercise import Exercise, Step
from workbook.checks.harness import Harness
from workbook.checks.learner import finding_of, is_learners, learner_line, marked
from workbook.checks.outcome import Finding, Incorrect, Outcome, Result, StepResult, Verdict
from workbook.errors import WorkbookError
from workbook.waiting import patient

BUDGET = 60.0
MOST_BUDGET = 80.0  # nbval is told to give a cell 90 s
CLOSING = 10.0
NO_KEYBOARD = "StdinNotImplementedError"  # ipykernel's, for a notebook that nobody reads
OUT_OF_TIME = "le temps a manqué"


def judge(exercise: Exercise, answers: tuple[Any, ...], seed: int) -> Result:
    """Run every step that can be; never takes much more than a minute."""
    if any(answer is None or answer is Ellipsis for answer in answers):
        return _untouched(exercise)
    if finding := _misgiven(exercise, answers):
        outcome = Outcome.INCORRECT if answers else Outcome.NOT_ATTEMPTED
        return _without_running(exercise, outcome, finding)
    results: dict[Step, StepResult] = {}
    end = time.monotonic() + min(patient(BUDGET), MOST_BUDGET)
    with judging(exercise.services, seed) as harness:
        for step in exercise.steps:
            results[step] = _skipped(step, results, end) or _run(step, harness, answers, end)
            if results[step].finding.hung:
                end = 0.0
    steps = tuple(results.values())
    return Result(exercise.id, exercise.title, steps, seed if harness.drawn else None)


@contextmanager
def judging(services: tuple[str, ...], seed: int) -> Iterator[Harness]:
    """A harness, and the end of what was opened on it."""
    harness = Harness(services, seed)
    try:
        yield harness
    finally:
        _tidy_up(harness)


def _tidy_up(harness: Harness) -> None:
    """What a step opened may be dead by now, killed by that very step: nothing to tell about."""
    with suppress(Exception, TimeUp):
        within(CLOSING, harness.closing.close)


def _untouched(exercise: Exercise) -> Result:
    finding = Finding(seen="La cellule de réponse n’a pas encore été complétée.")
    return _without_running(exercise, Outcome.NOT_ATTEMPTED, finding)


def _misgiven(exercise: Exercise, answers: tuple[Any, ...]) -> Finding | None:
    """What is wrong with the arguments of `check()`, before anything is run."""
    asked = f"`{exercise.call}`"
    if exercise.asks and not answers:
        return Finding(seen="La vérification n’a reçu aucune réponse.", expected=asked)
    if exercise.services and answers and not exercise.asks:
        seen = "La vérification a reçu une réponse ; elle interroge votre service, rien d’autre."
        return Finding(seen=seen, expected=asked)
    values = [answer for answer in answers if not callable(answer)] if exercise.asks else []
    if not values:
        return None
    return Finding(
        seen=f"La vérification a reçu une valeur, {_shown(values[0])}, et non une fonction.",
        expected=f"la fonction elle-même, par son nom et sans l’appeler : {asked}",
        meaning="Si ce nom désigne maintenant un résultat, relancez la cellule qui définit la "
        "fonction.",
    )


def _shown(value: Any) -> str:
    text = reprlib.repr(value)
    return f"{text} (de type « {type(value).__name__} »)"


def _without_running(exercise: Exercise, outcome: Outcome, finding: Finding) -> Result:
    steps = tuple(StepResult(step.title, step.points, outcome, finding) for step in exercise.steps)
    return Result(exercise.id, exercise.title, steps)


def _skipped(step: Step, results: dict[Step, StepResult], end: float) -> StepResult | None:
    for needed in step.after:
        if results[needed].outcome is not Outcome.PASSED:
            return _result(step, Outcome.SKIPPED, Finding())
    if time.monotonic() >= end:
        return _result(step, Outcome.SKIPPED, Finding(seen=OUT_OF_TIME))
    return None


def _run(step: Step, harness: Harness, answers: tuple[Any, ...], end: float) -> StepResult:
    seconds = min(patient(step.timeout), max(1.0, end - time.monotonic()))

    def call() -> None:
        harness.begin_step()
        step.function(harness, *(marked(answer) for answer in answers))

    try:
        with _kernel_kept():
            within(seconds, call)
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # whatever the learner's code raises is a verdict
        outcome, finding = _classify(error, harness, seconds)
        if outcome in (Outcome.INCORRECT, Outcome.ERROR) and (trouble := harness.broker_trouble):
            outcome, finding = Outcome.CANNOT_CHECK, Finding(seen=trouble)
        return _result(step, outcome, finding)
    return _result(step, Outcome.PASSED, Finding())


@contextmanager
def _kernel_kept() -> Iterator[None]:
    """`exit()` and `quit()` in an answer end that answer, not the kernel that judges it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        yield
        return
    shell.ask_exit = _leave
    try:
        yield
    finally:
        del shell.ask_exit


def _leave() -> None:
    raise SystemExit("exit() et quit() ferment le noyau : une fonction se quitte par return")


def _classify(error: BaseException, harness: Harness, seconds: float) -> tuple[Outcome, Finding]:
    if isinstance(error, TimeUp):
        return _out_of_time(error, seconds)
    if isinstance(error, Incorrect):
        return _incorrect(error, harness)
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


def _incorrect(error: Incorrect, harness: Harness) -> tuple[Outcome, Finding]:
    """An unexpected 500 is the learner's exception, and the card shows that one."""
    for service in harness.services.values():
        if failure := service.failure():
            return Outcome.ERROR, replace(
                error.finding, seen=failure.seen, code=failure.code, http=service.last_response
            )
    finding = error.finding
    if finding.http is None:
        responses = [
            s.last_response for s in harness.services.values() if s.last_response is not None
        ]
        finding = replace(finding, http=responses[-1] if responses else None)
    return Outcome.INCORRECT, finding


def _learners(error: BaseException) -> tuple[Outcome, Finding]:
    if type(error) is NotImplementedError:
        return Outcome.NOT_ATTEMPTED, Finding(seen="Le code à écrire ne l’est pas encore.")
    finding = finding_of(error)
    if isinstance(error, NotImplementedError) and type(error).__name__ == NO_KEYBOARD:
        seen = "Votre code attend une saisie au clavier, `input()`, et personne ne la fera."
        return Outcome.ERROR, replace(finding, seen=seen)
    return Outcome.ERROR, finding


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
