"""The signature of a wrong answer: which steps failed, and in which words, figures taken out.

Computed from the verdict that a grader keeps, from nothing else: not from the answer's text, its
names or its layout. Two answers that make the same mistake have nearly the same signature.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from workbook.checks.outcome import Outcome

MASKED = re.compile(
    r"\u00ab[^\u00bb\n]*\u00bb|“[^”\n]*”"  # what the learner's code said or was given
    r"|(?<!\w)'[^'\n]*'(?!\w)|\"[^\"\n]*\""
    r"|(?<![\w-])[-−]?(?:\w+-)*\w*\d(?:[\w.,:/-]*\w)?"  # a figure, or an identifier that holds one
)
PLACE = re.compile(r"^ligne \d+, dans (\w+) :")
FIGURE = "#"
QUOTED = "\u00ab…\u00bb"
UNSTABLE = "…"
MOST_WORDS, MOST_VALUES = 60, 12
WEIGHTS = {"meaning": 2, "expected": 1, "seen": 2, "place": 1}
DECISIVE = 2  # the first failure is the one that the card explains
NEAR = 0.8  # likeness below which two answers are not said to make one mistake
REACHED = frozenset({Outcome.INCORRECT, Outcome.ERROR, Outcome.NOT_ATTEMPTED})


@dataclass(frozen=True)
class Failure:
    """One step that did not pass: its number from 0, and its finding without what varies.

    `place` is the asked function in which an exception was raised, empty elsewhere. `values` are
    the figures and quotations taken out of `seen`, in order, `UNSTABLE` for one that is known to
    differ from one run to the next.
    """

    step: int
    outcome: str
    seen: str = ""
    expected: str = ""
    meaning: str = ""
    place: str = ""
    values: tuple[str, ...] = ()

    @property
    def shape(self) -> Failure:
        """Without its values."""
        return replace(self, values=())


Signature = tuple[Failure, ...]


def signature(verdict: Mapping[str, Any], asks: Collection[str] = ()) -> Signature:
    """The failures of a verdict as `receipt.told` writes it, in the order of the steps.

    `asks` names the functions that the exercise asks for. Empty where every step passed.
    """
    return tuple(
        _failure(number, step, asks)
        for number, step in enumerate(verdict["steps"])
        if step["outcome"] in REACHED
    )


def _failure(number: int, step: Mapping[str, Any], asks: Collection[str]) -> Failure:
    found = step["finding"]
    shapes = {part: shape(found[part]) for part in ("seen", "expected", "meaning")}
    place = PLACE.match(found["code"])
    return Failure(
        number,
        str(step["outcome"]),
        place=place[1] if place and place[1] in asks else "",
        values=tuple(values(found["seen"])),
        **shapes,
    )


def shape(text: str) -> str:
    """`text` without its figures, quotations and identifiers: what an author wrote of it."""
    return " ".join(MASKED.sub(_mask, text).split()[:MOST_WORDS])


def values(text: str) -> Iterator[str]:
    """What `shape` takes out of `text`."""
    for _, match in zip(range(MOST_VALUES), MASKED.finditer(text), strict=False):
        yield match[0].strip("\u00ab\u00bb“”'\" \u00a0\u202f")


def _mask(match: re.Match[str]) -> str:
    return FIGURE if match[0][-1].isalnum() else QUOTED


def likeness(one: Signature, other: Signature) -> float:
    """From 0, nothing in common, to 1, the same failures in the same words.

    The mean over the steps that failed in either, where the first failure of each counts double.
    """
    ours, theirs = ({failure.step: failure for failure in side} for side in (one, other))
    total = alike = 0.0
    for step in ours.keys() | theirs.keys():
        weight = DECISIVE if step in (min(ours, default=-1), min(theirs, default=-1)) else 1
        total += weight
        if step in ours and step in theirs:
            alike += weight * _alike(ours[step], theirs[step])
    return alike / total if total else 0.0


def _alike(one: Failure, other: Failure) -> float:
    if one.outcome != other.outcome:
        return 0.0
    total = alike = 0.0
    for part, weight in WEIGHTS.items():
        ours, theirs = getattr(one, part), getattr(other, part)
        if ours or theirs:
            total += weight
            alike += weight * _overlap(ours, theirs)
    return alike / total if total else 1.0


def _overlap(one: str, other: str) -> float:
    """Dice's coefficient of their words, each counted as often as it stands there."""
    if one == other:
        return 1.0
    ours, theirs = Counter(one.split()), Counter(other.split())
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())


def agreement(one: Signature, known: Signature) -> float:
    """How many of the values of `one` are those of `known`, 0 to 1; 0.5 where nothing says."""
    theirs = {failure.step: failure for failure in known}
    said = [
        0.5 if UNSTABLE in (value, expected) else float(value == expected)
        for failure in one
        if (twin := theirs.get(failure.step)) and twin.seen == failure.seen
        for value, expected in zip(failure.values, twin.values, strict=False)
    ]
    return sum(said) / len(said) if said else 0.5


def steadied(one: Signature, again: Signature) -> Signature:
    """`one`, without the values that differ in `again`: another run of the same answer."""
    runs = {failure.step: failure for failure in again}
    return tuple(_steadied(failure, runs.get(failure.step, failure)) for failure in one)


def _steadied(failure: Failure, again: Failure) -> Failure:
    if len(failure.values) != len(again.values):
        return replace(failure, values=(UNSTABLE,) * len(failure.values))
    pairs = zip(failure.values, again.values, strict=True)
    return replace(failure, values=tuple(a if a == b else UNSTABLE for a, b in pairs))
