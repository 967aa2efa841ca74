"""The learner's verbs: `check`, `hint`, `solution`, and `replay` for what a check has killed."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook import logbook, settings
from workbook.checks import receipt, registry
from workbook.checks.card import LOOKS, Card, code_card, message
from workbook.checks.exercise import Exercise
from workbook.checks.judge import judge, judging
from workbook.checks.outcome import CheckFailed, Outcome
from workbook.errors import WorkbookError

if TYPE_CHECKING:
    from workbook.failures.plan import Plan


def check(id: str, *answers: Any, seed: int | None = None) -> None:
    """Judge the answer to exercise `id` and display the card.

    The answers are the functions or values the exercise asks for; none for a `%%service`.
    Under pytest it also raises `CheckFailed` when the answer does not pass.
    """
    mark, given = receipt.taken()
    exercise = registry.find(id)
    seed = given if seed is None else seed
    drawn = random.SystemRandom().randrange(1, 100_000) if seed is None else seed
    result = judge(exercise, answers, drawn)
    note = _record("check", id, outcome=result.outcome.value, points=result.points)
    card = Card(result, _next_step(exercise, result.outcome), note)
    _display(card.bundle() | receipt.receipt(mark, card))
    if result.outcome is not Outcome.PASSED and settings.under_pytest():
        raise CheckFailed(card.text())


def hint(id: str) -> None:
    """Show the next hint of exercise `id`, after those already taken."""
    exercise = registry.find(id)
    if not exercise.hints:
        _display(message("i", exercise.title, "Cet exercice n’a pas d’indice."))
        return
    stage = min(logbook.hints_taken(id) + 1, len(exercise.hints))
    note = _record("hint", id, stage=stage)
    more = f'Encore besoin d’aide : relancez `hint("{id}")`.'
    if stage == len(exercise.hints):
        more = f'C’était le dernier indice. Après un essai : `solution("{id}")`.'
    title = f"Indice {stage} sur {len(exercise.hints)} · {exercise.title}"
    body = "\n\n".join(filter(None, [*exercise.hints[:stage], more, note]))
    _display(message("i", title, body, LOOKS[Outcome.CANNOT_CHECK].colour))


def solution(id: str, reveal: bool = False) -> None:
    """Show a solution of exercise `id`, once it was really tried, or at once with `reveal=True`."""
    exercise = registry.find(id)
    if not (reveal or logbook.attempted(id)):
        body = (
            "Essayez d’abord : la solution s’ouvre après une première vérification de votre "
            f'réponse.\n\nPour la voir quand même : `solution("{id}", reveal=True)`.'
        )
        _display(message("○", f"Pas encore · {exercise.title}", body))
        return
    code = find_solution(id)
    if code is None:
        body = "La solution n’est pas fournie avec cette édition du cours."
        _display(message("○", exercise.title, body))
        return
    _record("solution", id)
    _display(code_card(f"Une solution · {exercise.title}", code))


def replay(id: str, death: int) -> Plan:
    """Kill the worker of exercise `id` once more where its check did; return what came of it.

    `death` is the number on the card: how many moments between two effects it lives through. It
    dies in a place of its own, whatever runs beside it.
    """
    from workbook.checks.worker import replayed

    if not isinstance(death, int) or death < 1:
        raise WorkbookError("Le numéro d’une panne est un entier, à partir de 1.")
    exercise = registry.find(id)
    with judging(exercise.services, seed=death) as harness:
        return replayed(exercise, death, harness)


def find_solution(id: str, folder: Path | None = None) -> str | None:
    """Source of the answer cell of `id` in the solved notebooks, None when they are not there."""
    chosen = folder or settings.solutions()
    for notebook in sorted(chosen.glob("*.ipynb")):
        for cell in _cells(notebook, id):
            if cell.get("metadata", {}).get("workbook", {}).get("answer") == id:
                return "".join(cell["source"])
    return None


def _cells(notebook: Path, id: str) -> list[dict[str, Any]]:
    text = notebook.read_text(encoding="utf-8")
    if f'"{id}"' not in text:
        return []
    try:
        return json.loads(text)["cells"]
    except (ValueError, KeyError):
        return []


def _next_step(exercise: Exercise, outcome: Outcome) -> str:
    if outcome in (Outcome.PASSED, Outcome.CANNOT_CHECK):
        return ""
    taken = logbook.hints_taken(exercise.id)
    if taken < len(exercise.hints):
        return f'Un indice ({taken} vu sur {len(exercise.hints)}) : `hint("{exercise.id}")`'
    return "" if outcome is Outcome.NOT_ATTEMPTED else f'Une solution : `solution("{exercise.id}")`'


def _record(kind: str, id: str, **details: Any) -> str:
    """Write in the logbook; say so on the card, and go on, where that is impossible."""
    try:
        logbook.record(kind, id, **details)
    except OSError as error:
        return logbook.explain(error)
    return ""


def _display(bundle: dict[str, object]) -> None:
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        ipython.display.display(bundle, raw=True)
    else:
        print(bundle["text/plain"])
