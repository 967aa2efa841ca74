"""What the text of lab 5 shows: the wheel's catalogue, its causes, visits as plain data."""

from __future__ import annotations

from collections.abc import Iterable

from course.lab5.causes import CAUSES
from course.lab5.customers import PROMISES, Visit
from course.lab5.exam import Exam
from course.lab5.practice import Practice, practise
from course.lab5.releases import clock
from course.lab5.stage import open_shop
from course.lab5.wheel import Wheel
from workbook import show
from workbook.telemetry.spans import has_failed

__all__ = [
    "Exam",
    "Practice",
    "Wheel",
    "causes",
    "clock",
    "open_shop",
    "practise",
    "promises",
    "red",
    "told",
]


def promises() -> show.table:
    """What customers are promised."""
    return show.table(("promesse", "ce qu’elle dit"), PROMISES.items(), left=2)


def causes() -> show.table:
    """The causes to choose among, in a report."""
    return show.table(("cause", "ce qu’elle dit"), CAUSES.items(), left=2)


def told(visits: Iterable[Visit], began: float) -> list[dict]:
    """Visits as `detect` gets them: seconds since `began`, promise, kept."""
    return [
        {"at": round(visit.at - began, 2), "promise": visit.promise, "kept": visit.kept}
        for visit in visits
    ]


def red(span: dict) -> bool:
    """Whether a span is red in the picture of a trace."""
    return has_failed(span)
