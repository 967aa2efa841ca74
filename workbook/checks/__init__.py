"""Exercises checked on the spot, by behaviour: what a client of the answer can observe.

For notebooks: `check`, `hint`, `solution`. For authors of exercises: `Exercise`, `expect`,
`eventually`, `plain`, and the outcomes a step may raise itself, `NotAttempted` and `CannotCheck`.
"""

from workbook.checks.commands import check, hint, solution
from workbook.checks.exercise import Exercise
from workbook.checks.expectations import eventually, expect, plain
from workbook.checks.lab import Lab
from workbook.checks.outcome import (
    CannotCheck,
    CheckFailed,
    Finding,
    Incorrect,
    LearnerError,
    NotAttempted,
    Outcome,
)

__all__ = [
    "CannotCheck",
    "CheckFailed",
    "Exercise",
    "Finding",
    "Incorrect",
    "Lab",
    "LearnerError",
    "NotAttempted",
    "Outcome",
    "check",
    "eventually",
    "expect",
    "hint",
    "plain",
    "solution",
]
