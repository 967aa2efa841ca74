"""A graded class that no kernel has run: every status, long names, and injected markup."""

from pathlib import Path

from workbook.checks.card import Card
from workbook.checks.outcome import Finding, Outcome, Result, StepResult
from workbook.checks.receipt import told
from workbook.checks.registry import find
from workbook.grading.grading import Class
from workbook.grading.pristine import pristine
from workbook.grading.verdicts import DIED, TAMPERED, TOO_LONG, Graded, Status

NAMES = [
    "Alice Martin",
    "Bruno Lefèvre-Delacroix de la Tour d’Auvergne",
    "Chloé Nguyễn",
    "Dora",
    "Ève <script>alert(1)</script>",
    "Farid Ben",
]
CODE = "def order_total(lines):\n    # <b>gras</b>\n    return 1" + " + 1" * 60
WHY = {
    Status.TIME_OUT: TOO_LONG,
    Status.KERNEL_DIED: DIED,
    Status.ERROR: f"{TAMPERED} (workbook.checks.judge:_run)",
}


def class_of(root: Path) -> Class:
    """Six learners, two exercises each, every status once at least."""
    chapters = [chapter for chapter in pristine(root) if chapter.key == "ch90"]
    states = [*Status]
    results = [
        {
            "learner": name,
            "moodle": "" if number else "1234",
            "remarks": ["vieux.ipynb : ce n’est pas du JSON."] * (number == 3),
            "chapters": {
                "ch90": {
                    "remarks": ["2 cellules ajoutées, hors de la note"] * (number == 1),
                    "exercises": [
                        _graded("ch90.total", states[number % len(states)]).as_json(),
                        _graded("ch90.owner", states[-1 - number]).as_json(),
                    ],
                }
            },
        }
        for number, name in enumerate(NAMES)
    ]
    return Class(chapters, results, "bubblewrap : aucun réseau.")


def _graded(id: str, status: Status) -> Graded:
    exercise = find(id)
    outcomes = {
        Status.PASSED: [Outcome.PASSED] * 2,
        Status.PARTLY: [Outcome.PASSED, Outcome.INCORRECT],
        Status.INCORRECT: [Outcome.INCORRECT, Outcome.SKIPPED],
    }.get(status)
    verdict, points = None, 0
    if outcomes:
        steps = tuple(
            StepResult(step.title, step.points, outcome, _finding(outcome))
            for step, outcome in zip(exercise.steps, outcomes, strict=False)
        )
        result = Result(id, exercise.title, steps, seed=40_312)
        verdict, points = told(Card(result)), result.points
    return Graded(
        id,
        exercise.title,
        status,
        points,
        exercise.points,
        told=WHY.get(status, ""),
        verdict=verdict,
        answer="" if status is Status.NOT_ATTEMPTED else CODE,
        remarks=("réponse coupée en 2 cellules, recollées dans l’ordre",)
        if status is Status.PARTLY
        else (),
        suspect=status is Status.ERROR,
    )


def _finding(outcome: Outcome) -> Finding:
    if outcome is not Outcome.INCORRECT:
        return Finding()
    return Finding(
        seen="order_total a rendu 1 pour 2 × 431 + 50.",
        expected="912",
        meaning="Le client paie un autre prix que celui affiché.",
        http="POST /orders\n"
        + '{"items": [{"sku": "LAMP", "quantity": 2}], "card": "tok_visa"}' * 2,
        log=("une ligne de journal " * 8,),
    )
