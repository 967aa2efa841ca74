"""What points come to under the teacher's rules: weights, lateness, points given by hand.

Nothing of it is ever kept to be read again: each writing computes it from the results, the dates of
the hand-ins, the points given by hand and the rules of that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workbook.grading.hand_in import Key, Moment
from workbook.grading.pairs import handed_in, key_of
from workbook.grading.rules import Rules, chapter_of
from workbook.grading.verdicts import Status, exercises_of
from workbook.views.canvas.words import NBSP, plural

SAID = "%d/%m/%Y à %H:%M"


@dataclass(frozen=True)
class ByHand:
    """Points given by hand for one thing; None for each criterion that is still to be given."""

    id: str
    given: Mapping[str, float | None]
    worth: Mapping[str, float]
    comment: str = ""

    @property
    def waits(self) -> bool:
        """Whether some are still to be given: none of them counts until then."""
        return any(points is None for points in self.given.values())

    @property
    def points(self) -> float:
        """All that was given; 0 while it waits."""
        return 0.0 if self.waits else sum(points or 0 for points in self.given.values())

    @property
    def total(self) -> float:
        """What they are out of; 0 while it waits."""
        return 0.0 if self.waits else sum(self.worth.values())


@dataclass(frozen=True)
class ChapterMark:
    """A chapter's weighted points before and after lateness, and the facts they come from.

    `weights` are what a point of each of its exercises counts for.
    """

    key: str
    earned: float
    total: float
    weight: float = 1.0
    weights: Mapping[str, float] = field(default_factory=dict)
    by_hand: tuple[ByHand, ...] = ()
    moment: Moment | None = None
    due: datetime | None = None
    days: int = 0
    rate: float = 0.0

    @property
    def points(self) -> float:
        """What is left of them."""
        return self.earned * (1 - self.rate)

    @property
    def told(self) -> str:
        """A sentence on its lateness; empty where nothing is to be said."""
        if not self.days or self.moment is None or self.due is None:
            return ""
        taken = f"{figure(100 * self.rate)}{NBSP}% des points retirés"
        cost = taken if self.rate else "sans pénalité"
        return (
            f"remis le {self.moment.at.strftime(SAID)} d’après {self.moment.source}, "
            f"{plural(self.days, 'jour commencé', 'jours commencés')} après le "
            f"{self.due.strftime(SAID)}{NBSP}: {cost}"
        )


@dataclass(frozen=True)
class Mark:
    """All that a learner gets."""

    chapters: Mapping[str, ChapterMark] = field(default_factory=dict)
    out_of: float | None = None

    @property
    def points(self) -> float:
        """The sum of the chapters'."""
        return sum(one.points for one in self.chapters.values())

    @property
    def total(self) -> float:
        """What they are out of."""
        return sum(one.total for one in self.chapters.values())

    @property
    def note(self) -> float | None:
        """The grade on the teacher's scale; None without a scale, or with nothing to be judged."""
        if self.out_of is None or not self.total:
            return None
        return self.out_of * self.points / self.total

    @property
    def waits(self) -> list[str]:
        """What still waits for points by hand."""
        return [b.id for one in self.chapters.values() for b in one.by_hand if b.waits]


def marks_of(
    results: Iterable[Mapping[str, Any]],
    rules: Rules | None = None,
    moments: Mapping[Key, Mapping[str, Moment]] | None = None,
    by_hand: Mapping[Key, Sequence[ByHand]] | None = None,
    origin: Mapping[Key, Mapping[str, Key]] | None = None,
) -> dict[Key, Mark]:
    """The mark of each learner.

    `origin` tells whose hand-in each chapter of a learner's is, their own where it says nothing.
    """
    rules, moments, by_hand, origin = rules or Rules(), moments or {}, by_hand or {}, origin or {}
    marks = {}
    for result in results:
        own = key_of(result)
        whose = origin.get(own, {})
        marks[own] = Mark(
            {
                key: _chapter(
                    rules,
                    own[0],
                    (key, chapter),
                    moments.get(whose.get(key, own), {}).get(key),
                    [b for b in by_hand.get(whose.get(key, own), ()) if chapter_of(b.id) == key],
                )
                for key, chapter in result["chapters"].items()
            },
            rules.out_of,
        )
    return marks


def _chapter(
    rules: Rules,
    learner: str,
    kept: tuple[str, Mapping[str, Any]],
    moment: Moment | None,
    by_hand: Sequence[ByHand],
) -> ChapterMark:
    key, chapter = kept
    counted = [one for one in exercises_of(chapter) if one.status is not Status.CANNOT_CHECK]
    earned = sum(rules.weight(one.exercise) * one.points for one in counted)
    total = sum(rules.weight(one.exercise) * one.total for one in counted)
    earned += sum(rules.weight(one.id) * one.points for one in by_hand)
    total += sum(rules.weight(one.id) * one.total for one in by_hand)
    due = rules.due(learner, key)
    days = rules.late.days(moment.at, due) if moment and due and handed_in(chapter) else 0
    return ChapterMark(
        key,
        earned,
        total,
        rules.weight(key),
        {id: rules.weight(id) for id in (one["exercise"] for one in chapter["exercises"])},
        tuple(by_hand),
        moment,
        due,
        days,
        rules.late.rate(days),
    )


def figure(value: float) -> str:
    """`3`, `3,5` or `3,33`, as a French spreadsheet reads it."""
    return f"{round(value, 2):.2f}".rstrip("0").rstrip(".").replace(".", ",")
