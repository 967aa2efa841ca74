"""What the text of lab 5 shows: the wheel's catalogue, its causes, visits as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.lab5.causes import CAUSES
from course.lab5.customers import PROMISES, Visit
from course.lab5.exam import Exam
from course.lab5.practice import Practice, practise
from course.lab5.releases import clock
from course.lab5.stage import open_shop
from course.lab5.wheel import Wheel
from workbook import show
from workbook.telemetry.spans import has_failed

if TYPE_CHECKING:
    from workbook.shop import Shop

__all__ = [
    "Exam",
    "Practice",
    "Wheel",
    "answers",
    "causes",
    "clock",
    "open_shop",
    "practise",
    "promises",
    "red",
]


def promises() -> show.table:
    """What customers are promised."""
    return show.table(("promesse", "ce qu’elle dit"), PROMISES.items(), left=2)


def causes() -> show.table:
    """The causes to choose among, in a report."""
    return show.table(("cause", "ce qu’elle dit"), CAUSES.items(), left=2)


def answers(shop: Shop, visit: Visit) -> show.table:
    """Who answered what in the trace of a visit, each answer once, the deepest first."""
    spans = [span for span in shop.spans(visit.trace) if span["span_kind"] == "server"]
    rows = [
        (span["service"], span["name"], span["attributes"].get("http.response.status_code", "–"))
        for span in sorted(spans, key=lambda span: -span["start"])
    ]
    return show.table(("service", "requête", "réponse"), dict.fromkeys(rows), left=2)


def red(span: dict) -> bool:
    """Whether a span is red in the picture of a trace."""
    return has_failed(span)
