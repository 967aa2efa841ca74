"""The exam: three incidents of the wheel, no hint, no score until the end, then a receipt.

    exam = Exam(shop, seed=2026)
    wheel = exam.begin()      the next incident, spinning
    …                         report, act, wheel.relieved()
    exam.end()                it is measured and kept; `begin()` again for the next one
    exam.receipt()            after the third

What was ended is in the logbook: the same seed, another day, goes on with the next incident. The
receipt carries a seal of what it says: it shows a slip or a hand that changes a figure, and stops
nobody who reads this file.
"""

from __future__ import annotations

import hashlib
import json
import random
from typing import TYPE_CHECKING, Any

from course.lab5.incidents import INCIDENTS
from course.lab5.wheel import Wheel, corrected, drawn
from workbook import logbook, show
from workbook.errors import WorkbookError
from workbook.views.canvas.words import NBSP, plural

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.shop import Shop

COUNT = 3
EXAM = "lab5.exam"
BEGUN, ENDED = "exam-begun", "exam-ended"


class Exam:
    """Three incidents drawn by `seed`, one after the other, in `shop`."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.seed, self._shop = seed, shop
        chance = random.Random(f"exam {seed}")
        names = chance.sample(sorted(INCIDENTS), COUNT)
        self._drawn = [(name, chance.randrange(1_000_000)) for name in names]
        self.wheels: dict[int, Wheel] = {}
        self._now: int | None = None

    def begin(self) -> Wheel:
        """Spin the next incident; one that was left before its end begins again."""
        number = len(self._ended)
        if number == COUNT:
            raise WorkbookError("Les trois incidents sont finis : exam.receipt() en donne le reçu.")
        name, seed = self._drawn[number]
        logbook.record(BEGUN, EXAM, seed=self.seed, number=number)
        wheel = self.wheels[number] = Wheel(self._shop, seed, among=(name,), exam=True)
        wheel.spin()
        self._now = number
        return wheel

    def end(self) -> None:
        """Measure the incident under way, and keep what came of it; nothing is said of it."""
        if self._now is None:
            raise WorkbookError("Aucun incident n’est en cours : exam.begin() donne le suivant.")
        wheel, number = self.wheels[self._now], self._now
        self._now = None
        told = _told(wheel)
        logbook.record(ENDED, EXAM, seed=self.seed, number=number, **told, seal=_seal(told))

    def receipt(self) -> Receipt:
        """What the three incidents came to; raises before the third is over."""
        ended, starts = self._ended, self._starts
        if len(ended) < COUNT:
            raise WorkbookError(
                f"Le reçu vient après le dernier incident : {len(ended)} sur {COUNT} sont finis."
            )
        drawings = [drawn(seed, [name]) for name, seed in self._drawn]
        titles = [drawing.incident.title for drawing in drawings]
        return Receipt(self.seed, titles, ended, starts)

    def correction(self, number: int) -> show.table:
        """What the incident of that number, 1 to 3, was; raises before the third is over."""
        self.receipt()
        name, seed = self._drawn[number - 1]
        return corrected(drawn(seed, [name]))

    def save(self, number: int, file: str | Path) -> Path:
        """The black box of an incident that was lived in this kernel, as a page."""
        self.receipt()
        if number - 1 not in self.wheels:
            raise WorkbookError("Vécu un autre jour, cet incident n’a plus de boîte noire.")
        return self.wheels[number - 1].recording.save(file)

    @property
    def _ended(self) -> list[dict[str, Any]]:
        """The record of each incident that is over, in their order."""
        found = {entry["number"]: entry for entry in self._records(ENDED)}
        return [found[number] for number in range(COUNT) if number in found]

    @property
    def _starts(self) -> list[int]:
        numbers = [entry["number"] for entry in self._records(BEGUN)]
        return [numbers.count(number) for number in range(COUNT)]

    def _records(self, kind: str) -> list[dict[str, Any]]:
        return [
            entry
            for entry in logbook.records()
            if (entry["kind"], entry["exercise"]) == (kind, EXAM) and entry["seed"] == self.seed
        ]

    def __repr__(self) -> str:
        done = len(self._ended)
        state = "incident en cours" if self._now is not None else "aucun incident en cours"
        return f"Examen de graine {self.seed}{NBSP}: {done} sur {COUNT} finis, {state}."


class Receipt:
    """What an exam came to, to hand in: points by part, times, and a seal."""

    def __init__(
        self, seed: int, titles: list[str], ended: list[dict[str, Any]], starts: list[int]
    ) -> None:
        self.seed, self._titles, self._ended, self._starts = seed, titles, ended, starts

    @property
    def points(self) -> int:
        """Of sixty."""
        return sum(sum(entry["parts"].values()) for entry in self._ended)

    @property
    def is_sealed(self) -> bool:
        """Whether each record says what it said when it was sealed."""
        return all(entry["seal"] == _seal(entry) for entry in self._ended)

    @property
    def seal(self) -> str:
        """Twelve hexadecimal digits of all it says."""
        return _digest([self.seed, *(entry["seal"] for entry in self._ended)])

    def table(self) -> show.table:
        """A row for each incident."""
        parts = list(self._ended[0]["parts"])
        rows = [
            (
                title,
                *(entry["parts"][part] for part in parts),
                sum(entry["parts"].values()),
                *(_seconds(entry["seconds"][name]) for name in ("détecter", "soulager")),
                starts,
            )
            for title, entry, starts in zip(self._titles, self._ended, self._starts, strict=True)
        ]
        head = ("incident", *parts, "sur 20", "détecté en", "soulagé en", "départs")
        state = "intact" if self.is_sealed else "ROMPU"
        told = f"Reçu de l’examen, graine {self.seed}{NBSP}: {plural(self.points, 'point')} sur 60"
        return show.table(head, rows, f"{told}. Sceau {self.seal}, {state}.")

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def _told(wheel: Wheel) -> dict[str, Any]:
    """What is kept of an incident; its times last: the relief may be seen at the very end."""
    parts = wheel.score().by_title()
    seconds = {name: s if s is None else round(s, 1) for name, s in wheel.seconds.items()}
    return {"parts": parts, "seconds": seconds}


def _seal(told: dict[str, Any]) -> str:
    return _digest([told["parts"], told["seconds"]])


def _digest(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} s"
