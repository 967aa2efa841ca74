"""What a check can conclude, and the exceptions by which a step says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from workbook.errors import WorkbookError


class Outcome(StrEnum):
    """The five verdicts of a check, and `skipped` for a step that could not be reached."""

    PASSED = "passed"
    NOT_ATTEMPTED = "not_attempted"
    INCORRECT = "incorrect"
    ERROR = "error"
    CANNOT_CHECK = "cannot_check"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """What a step has to show besides its verdict; every text is in French.

    `code` is the learner's failing line, `log` the end of their service's log, `hung` says that
    their code never gave back control. `more` are rows of the card, (label, text), after these.
    """

    seen: str = ""
    expected: str = ""
    meaning: str = ""
    http: object = None
    code: str = ""
    log: tuple[str, ...] = ()
    hung: bool = False
    more: tuple[tuple[str, str], ...] = ()


class Verdict(WorkbookError):
    """Ends a step with its outcome."""

    outcome: Outcome

    def __init__(self, finding: Finding | str) -> None:
        self.finding = finding if isinstance(finding, Finding) else Finding(seen=finding)
        super().__init__(self.finding.seen)


class Incorrect(Verdict):
    """The answer was run and does something else than was asked."""

    outcome = Outcome.INCORRECT


class NotAttempted(Verdict):
    """Nothing to judge yet: the stub is still there, or the service was never started."""

    outcome = Outcome.NOT_ATTEMPTED


class LearnerError(Verdict):
    """The learner's own code raised, died, or never gave back control."""

    outcome = Outcome.ERROR


class CannotCheck(Verdict):
    """Our fault, or the machine's: it never counts against the learner."""

    outcome = Outcome.CANNOT_CHECK


class CheckFailed(WorkbookError):
    """Raised under pytest, with the text of the card, so that nbval sees the verdict."""


@dataclass(frozen=True)
class StepResult:
    """One step: its verdict, and its points when it passed."""

    title: str
    worth: int
    outcome: Outcome
    finding: Finding = field(default_factory=Finding)

    @property
    def points(self) -> int:
        """Points earned, all or none."""
        return self.worth if self.outcome is Outcome.PASSED else 0


@dataclass(frozen=True)
class Result:
    """A whole check. `seed` replays its random draws, None when it drew nothing."""

    exercise: str
    title: str
    steps: tuple[StepResult, ...]
    seed: int | None = None

    @property
    def points(self) -> int:
        """Points earned so far."""
        return sum(step.points for step in self.steps)

    @property
    def total(self) -> int:
        """Points of a complete answer."""
        return sum(step.worth for step in self.steps)

    @property
    def outcome(self) -> Outcome:
        """The first real failure; not attempted only when nothing at all was done."""
        if self.decisive is None:
            return Outcome.PASSED
        if self.decisive.outcome is Outcome.NOT_ATTEMPTED and self.points:
            return Outcome.INCORRECT
        return self.decisive.outcome

    @property
    def decisive(self) -> StepResult | None:
        """The step that the card explains; None when all passed."""
        unfinished = [step for step in self.steps if step.outcome is not Outcome.PASSED]
        real = (Outcome.INCORRECT, Outcome.ERROR, Outcome.CANNOT_CHECK)
        failed = [step for step in unfinished if step.outcome in real]
        return next(iter(failed or unfinished), None)

    def as_json(self) -> dict:
        """The verdict without anything that changes from one run to the next."""
        return {
            "exercise": self.exercise,
            "outcome": self.outcome.value,
            "points": self.points,
            "total": self.total,
            "steps": [
                {"title": step.title, "outcome": step.outcome.value, "points": step.points}
                for step in self.steps
            ],
        }
