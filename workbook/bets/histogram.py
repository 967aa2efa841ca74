"""How the bets of a class on one question spread: one bar an answer, its parts by certainty."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbook.bets.book import Bet
from workbook.bets.certainty import Certainty
from workbook.bets.question import Answer, Choice, Number, Question
from workbook.views.canvas.geometry import tick
from workbook.views.canvas.words import number

MOST_BARS = 12
STEPS = 10
Label = Callable[[Answer], str]


@dataclass(frozen=True)
class Bar:
    """One answer, or interval of answers: how many bet on it, and how many measured it."""

    label: str
    counts: Counter[Certainty]
    measured: int

    @property
    def total(self) -> int:
        return self.counts.total()


def histogram(question: Question, bets: Sequence[Bet]) -> list[Bar]:
    """The bars, in the order of the axis; of an ordering, the most frequent first."""
    answers = [bet.answer for bet in bets]
    measures = [bet.measure for bet in bets if bet.sealed]
    labels, label_of = _axis(question, [*answers, *measures])
    counts = {label: Counter() for label in labels}
    for bet in bets:
        counts[label_of(bet.answer)][bet.certainty] += 1
    measured = Counter(map(label_of, measures))
    bars = [Bar(label, counts[label], measured[label]) for label in labels]
    return bars if isinstance(question, Number) else sorted(bars, key=lambda b: -b.total)


def _axis(question: Question, values: Iterable[Answer]) -> tuple[list[str], Label]:
    if isinstance(question, Number):
        return _intervals(question, list(values))
    options = getattr(question, "options", ())
    known = list(options) if isinstance(question, Choice) else []
    said = {_written(value): None for value in (*known, *values)}
    return list(said), _written


def _written(value: Answer) -> str:
    return value if isinstance(value, str) else " › ".join(value)


def _intervals(question: Number, values: list[float]) -> tuple[list[str], Label]:
    low, high = min([question.low, *values]), max([question.high, *values])
    if high - low < MOST_BARS and all(value == int(value) for value in values):
        return [number(n) for n in range(int(low), int(high) + 1)], number
    edges = [*(_decades(low, high) if question.factor else _even(low, high)), high + 1]
    labels = [_interval(*pair) for pair in pairwise(edges)]

    def label_of(value: float) -> str:
        rank = sum(edge <= value for edge in edges) - 1
        return labels[min(max(rank, 0), len(labels) - 1)]

    return labels, label_of


def _even(low: float, high: float) -> list[float]:
    step = max(1, tick(high - low, STEPS))
    return [n * step for n in range(math.floor(low / step), math.floor(high / step) + 1)]


def _decades(low: float, high: float) -> list[float]:
    """1, 3, 10, 30, …: what an order of magnitude tells apart."""
    first, last = math.floor(math.log10(max(low, 1))), math.ceil(math.log10(high + 1))
    edges = [factor * 10**power for power in range(first, last) for factor in (1, 3)]
    return [edge for edge in edges if edge <= high]


def _interval(low: float, high: float) -> str:
    return f"{number(low)} à {number(high - 1)}" if high - low > 1 else number(low)
