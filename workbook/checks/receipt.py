"""The receipt of a check: its whole verdict, carrying the mark that a grader has just asked for.

A grader asks with a mark that it draws for one check cell; the next check takes it and shows it
beside its verdict. A cell that displays a verdict of its own does not know that mark. Code that
runs inside the check can find it, by reading the frames that called it: `workbook.grading` says
what it does about that, and what it cannot do.

The verdict travels as plain JSON and is drawn again by whoever reads it: nothing of it is markup.
"""

from __future__ import annotations

from typing import Any

from workbook.checks.card import Card, HttpTrace
from workbook.checks.outcome import Finding, Outcome, Result, StepResult

MIME = "application/vnd.workbook.receipt+json"
LONGEST = 4_000  # characters of one text of the verdict
MOST_ROWS = 40

NOTHING: tuple[str, int | None] = ("", None)

_asked = NOTHING


def ask(mark: str, seed: int | None = None) -> None:
    """The next check, and that one only, shows `mark` with its verdict, and draws from `seed`."""
    global _asked
    _asked = mark, seed


def taken() -> tuple[str, int | None]:
    """The mark that was asked for, empty if none was or if a check took it already; its seed."""
    global _asked
    asked, _asked = _asked, NOTHING
    return asked


def receipt(mark: str, card: Card) -> dict[str, object]:
    """What the card's MIME bundle gains; nothing where no mark was asked for."""
    return {MIME: {"mark": mark, "verdict": told(card)}} if mark else {}


def told(card: Card) -> dict[str, Any]:
    """A verdict as JSON, with all that its card shows."""
    result = card.result
    return {
        "exercise": result.exercise,
        "seed": result.seed,
        "steps": [
            {"title": step.title, "outcome": step.outcome.value, "finding": _finding(step, card)}
            for step in result.steps
        ],
    }


def heard(verdict: Any, title: str, worths: list[tuple[str, int]]) -> Result:
    """The verdict that `told` wrote, whoever sent it; points are those of `worths`, the steps.

    Raises `ValueError` where it is not one, or not of these steps.
    """
    try:
        steps = tuple(
            StepResult(name, worth, Outcome(step["outcome"]), _found(step["finding"]))
            for (name, worth), step in zip(worths, verdict["steps"], strict=True)
        )
        seed = verdict["seed"] if isinstance(verdict["seed"], int) else None
        return Result(_text(verdict["exercise"]), title, steps, seed)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"not a verdict: {error}") from error


def _finding(step: StepResult, card: Card) -> dict[str, Any]:
    found = step.finding
    http = card.http if found is card.finding else None
    return {
        "seen": found.seen,
        "expected": found.expected,
        "meaning": found.meaning,
        "code": found.code,
        "log": list(found.log),
        "hung": found.hung,
        "more": [list(row) for row in found.more],
        "http": [http.request, http.response, http.curl] if http else None,
    }


def _found(finding: Any) -> Finding:
    http = finding.get("http")
    return Finding(
        **{key: _text(finding.get(key, "")) for key in ("seen", "expected", "meaning", "code")},
        log=tuple(map(_text, finding.get("log", ())[:MOST_ROWS])),
        hung=finding.get("hung") is True,
        more=tuple((_text(a), _text(b)) for a, b in finding.get("more", ())[:MOST_ROWS]),
        http=HttpTrace(*map(_text, http)) if http else None,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} instead of a text")
    return value[:LONGEST]
