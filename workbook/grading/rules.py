"""The rules that a teacher sets for a class, and what follows from them for one learner."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

Keys = tuple[str, ...]


@dataclass(frozen=True)
class Window:
    """When a chapter is to be handed in, in the local time of the class."""

    closes: datetime
    opens: datetime | None = None

    def stretched(self, factor: float) -> datetime:
        """Its end for somebody who has that many times the time; the same without an opening."""
        return self.closes if self.opens is None else self.opens + factor * self.length

    @property
    def length(self) -> timedelta:
        """The time it lasts."""
        return self.closes - (self.opens or self.closes)


@dataclass(frozen=True)
class Lateness:
    """What a day costs, begun days counted: per cent of a chapter's points, at most `ceiling`."""

    per_day: float = 0.0
    ceiling: float = 100.0
    tolerance: timedelta = timedelta()

    def days(self, handed_in: datetime, due: datetime) -> int:
        """Days begun after the end; 0 within the tolerance."""
        late = handed_in.replace(second=0, microsecond=0) - due  # 23:59 lasts a whole minute
        return math.ceil(late / timedelta(days=1)) if late > self.tolerance else 0

    def rate(self, days: int) -> float:
        """The part of the points that so many days take, from 0 to 1."""
        return min(self.per_day * days, self.ceiling) / 100


@dataclass(frozen=True)
class Exceptions:
    """What one learner is granted: ends of their own, days more, a factor on open time."""

    extensions: Mapping[str, datetime] = field(default_factory=dict)
    more_days: int = 0
    time: float = 1.0
    pseudonym: str = ""


@dataclass(frozen=True)
class Pair:
    """Learners who hand in together; of every chapter where none is named."""

    members: Keys
    chapters: Keys = ()

    def works_on(self, chapter: str) -> bool:
        """Whether that chapter is theirs together."""
        return not self.chapters or chapter in self.chapters


@dataclass(frozen=True)
class Rules:
    """All that the file says. Dates are in the local time of the class, without a zone.

    `name` is the file's, empty where there is none.
    """

    name: str = ""
    out_of: float | None = None
    zone: tzinfo | None = None  # None: this machine's
    anonymous: bool = False
    handed_in: Path | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    deadlines: Mapping[str, Window] = field(default_factory=dict)
    late: Lateness = Lateness()
    learners: Mapping[str, Exceptions] = field(default_factory=dict)
    pairs: tuple[Pair, ...] = ()
    rubric: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    chapters: Keys = ()

    def weight(self, id: str) -> float:
        """What a point of an exercise or of a chapter is multiplied by."""
        chapter = chapter_of(id)
        own = self.weights.get(id, 1.0) if id != chapter else 1.0
        return own * self.weights.get(chapter, 1.0)

    def due(self, learner: str, chapter: str) -> datetime | None:
        """The end of a chapter for that learner; None where it has none."""
        granted = self.learners.get(learner, Exceptions())
        if chapter in granted.extensions:
            return granted.extensions[chapter]
        if chapter not in self.deadlines:
            return None
        return self.deadlines[chapter].stretched(granted.time) + timedelta(granted.more_days)

    @property
    def named(self) -> set[str]:
        """Every learner that the file names."""
        return {*self.learners, *(name for pair in self.pairs for name in pair.members)}


def chapter_of(id: str) -> str:
    """`ch07` for `ch07.publish`, and for `ch07`."""
    return id.partition(".")[0]
