"""Exercises checked on the spot, by behaviour: what a client of the answer can observe.

For notebooks: `check`, `hint`, `replay`, `solution`, `progress`, `roadmap`, `takeaway`. For
authors: `Chapter`, `LearningPath`, `Exercise`, `expect`, `eventually`, `plain`, and the outcomes
a step may raise itself, `NotAttempted` and `CannotCheck`.
"""

from workbook.checks.chapter import Chapter, LearningPath
from workbook.checks.commands import check, hint, replay, solution
from workbook.checks.exercise import Exercise
from workbook.checks.expectations import eventually, expect, plain
from workbook.checks.harness import Harness
from workbook.checks.outcome import (
    CannotCheck,
    CheckFailed,
    Finding,
    Incorrect,
    LearnerError,
    NotAttempted,
    Outcome,
)
from workbook.checks.progress import progress
from workbook.checks.roadmap import roadmap
from workbook.checks.takeaway import takeaway

__all__ = [
    "CannotCheck",
    "Chapter",
    "CheckFailed",
    "Exercise",
    "Finding",
    "Harness",
    "Incorrect",
    "LearnerError",
    "LearningPath",
    "NotAttempted",
    "Outcome",
    "check",
    "eventually",
    "expect",
    "hint",
    "plain",
    "progress",
    "replay",
    "roadmap",
    "solution",
    "takeaway",
]
