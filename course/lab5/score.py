"""The score of one incident, of twenty: what was said of it, and what was measured on the shop."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbook import show

CLOSE = 12.0  # seconds between the announced beginning and the real one


@dataclass(frozen=True)
class Report:
    """What the person on call writes down; anything may be left out.

    `what` is the promise broken, `since` when it began (epoch seconds), `service` and `edge` where
    the fault is, `cause` a key of `CAUSES`, `trace` the id of a trace that shows it.
    """

    what: str | None = None
    since: float | None = None
    service: str | None = None
    edge: tuple[str, str] | None = None
    cause: str | None = None
    trace: str | None = None


@dataclass(frozen=True)
class Truth:
    """What the wheel knows: `what` are the promises broken, any of which is a right answer.

    `shown` says whether the trace of the report shows the fault.
    """

    what: tuple[str, ...]
    since: float
    service: str
    edge: tuple[str, str]
    cause: str
    shown: bool


@dataclass(frozen=True)
class Measured:
    """What the shop says: customers served again, the fault gone and the books right, the storm."""

    relieved: bool = False
    repaired: bool = False
    survived: bool = False


@dataclass(frozen=True)
class Line:
    """One line of the score."""

    title: str
    part: str
    worth: int
    earned: bool

    @property
    def points(self) -> int:
        """All its points, or none."""
        return self.worth if self.earned else 0


class Score:
    """Twenty points in nine lines."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = tuple(lines)

    @property
    def points(self) -> int:
        """The points earned."""
        return sum(line.points for line in self.lines)

    @property
    def total(self) -> int:
        """What a perfect answer earns."""
        return sum(line.worth for line in self.lines)

    def by_title(self) -> dict[str, int]:
        """The points of each of the five parts."""
        titles = dict.fromkeys(line.title for line in self.lines)
        return {t: sum(line.points for line in self.lines if line.title == t) for t in titles}

    def table(self) -> show.table:
        """Line by line."""
        rows = [(line.title, line.part, f"{line.points} / {line.worth}") for line in self.lines]
        total = ("total", "", f"{self.points} / {self.total}")
        return show.table(("", "", "points"), [*rows, total], left=2)

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def scored(report: Report, truth: Truth, measured: Measured) -> Score:
    """The score of a report, against what is true and what was measured."""
    close = report.since is not None and abs(report.since - truth.since) <= CLOSE
    edge = report.edge is not None and tuple(map(_plain, report.edge)) == truth.edge
    cause = report.cause == truth.cause
    found, located, told = "détecté", "localisé", "expliqué"
    return Score(
        (
            Line(found, "la promesse rompue", 2, report.what in truth.what),
            Line(found, "depuis quand", 1, close),
            Line(located, "le service", 2, report.service == truth.service),
            Line(located, "l’arête", 2, edge),
            Line(told, "la cause", 3, cause),
            Line(told, "une trace qui la montre", 1, truth.shown),
            Line("soulagé", "les clients sont servis", 4, measured.relieved),
            Line("réparé", "la faute n’est plus là, les livres sont justes", 2, measured.repaired),
            Line("réparé", "la tempête est passée, les livres sont justes", 3, measured.survived),
        )
    )


def _plain(node: str) -> str:
    """The name of a node of the map, without its kind: `queue:` or `exchange:`."""
    return node.partition(":")[2] or node
