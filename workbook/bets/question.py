"""What one bets on: a number, a choice or an order; reads an answer, says it, judges its gap.

    BETS = {
        "survivors": Number("Combien de ventes aboutissent ?", ("vente", "ventes"), 0, 5, usual=5),
        "who": Choice("Qui répond ?", ("orders", "payments"), usual="orders"),
        "order": Ordering("Du plus lent au plus rapide ?", ("A", "B", "C"), usual=("C", "A", "B")),
    }

`usual` is what the course's own machines measure. A bet is judged by the learner's measure, never
by it: it only fills in the right answer where questions are exported to a quiz.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from typing import ClassVar

from workbook.errors import WorkbookError
from workbook.views.canvas.words import NBSP, number, plural

SPACES = str.maketrans("", "", " \u00a0\u202f")


class BadAnswer(WorkbookError):
    """An answer that does not fit its question."""


class Gap(Enum):
    """How far a bet was from the measure; its value is the word learners read."""

    RIGHT = "juste"
    NEAR = "proche"
    FAR = "loin"


@dataclass(frozen=True)
class Number:
    """A number of something, whole and from `low` to `high`; a measure may fall outside.

    `unit` is the singular and the plural. Near is within `near` units or, where only the order of
    magnitude matters, within a `factor`: the axis is then logarithmic, and `low` at least 1.
    """

    text: str
    unit: tuple[str, str]
    low: int
    high: int
    usual: int
    near: int = 0
    factor: float = 0
    kind: ClassVar[str] = "nombre"

    @property
    def asks(self) -> str:
        """What an answer looks like."""
        return f"un nombre entier {_of(self.unit[1])}, de {number(self.low)} à {number(self.high)}"

    @property
    def example(self) -> str:
        """An answer in the middle, as code."""
        low, high = self.low, self.high
        return str(round(math.sqrt(low * high) if self.factor else (low + high) / 2))

    def parse(self, answer: object) -> int:
        """`4`, `"4"`, `"1 200"` or `"4 ventes"`; raises `BadAnswer`."""
        value = _as_float(answer, self.unit)
        if value is None:
            raise BadAnswer(f"« {_shown(answer)} » n’est pas un nombre : pariez {self.asks}.")
        if value != round(value) or not self.low <= value <= self.high:
            raise BadAnswer(f"« {_shown(answer)} » ne peut pas être : pariez {self.asks}.")
        return round(value)

    def read_measure(self, measure: object) -> float:
        """A finite number; raises `BadAnswer`."""
        value = _as_float(measure, self.unit)
        if value is None:
            raise BadAnswer(f"La mesure attendue est un nombre, pas « {_shown(measure)} ».")
        return round(value) if value == round(value) else value

    def say(self, value: float) -> str:
        """`5 ventes`."""
        return plural(value, *self.unit).replace(" ", NBSP, 1)

    def gap(self, answer: float, measure: float) -> Gap:
        """Exact, near or far."""
        if answer == measure:
            return Gap.RIGHT
        if self.factor and min(answer, measure) > 0:
            ratio = max(answer, measure) / min(answer, measure)
            return Gap.NEAR if ratio <= self.factor else Gap.FAR
        return Gap.NEAR if abs(answer - measure) <= self.near else Gap.FAR


@dataclass(frozen=True)
class Choice:
    """One of several options, each a short text."""

    text: str
    options: tuple[str, ...]
    usual: str
    asks: ClassVar[str] = "l’une des réponses proposées, par son numéro ou son texte"
    kind: ClassVar[str] = "choix"
    example: ClassVar[str] = "1"

    def parse(self, answer: object) -> str:
        """The option of that text or that number, from 1; raises `BadAnswer`."""
        return _option(self.options, answer)

    read_measure = parse

    def say(self, value: str) -> str:
        """The option itself, in quotes."""
        return f"« {value} »"

    def gap(self, answer: str, measure: str) -> Gap:
        """Right or far."""
        return Gap.RIGHT if answer == measure else Gap.FAR


@dataclass(frozen=True)
class Ordering:
    """All the options, in an order that `text` explains; near is with one pair inverted."""

    text: str
    options: tuple[str, ...]
    usual: tuple[str, ...]
    kind: ClassVar[str] = "ordre"
    near: int = 0

    @property
    def asks(self) -> str:
        """What an answer looks like."""
        return f"les {len(self.options)} réponses dans l’ordre, par leur numéro ou leur texte"

    @property
    def example(self) -> str:
        """The order in which they are listed, as code."""
        return str(list(range(1, len(self.options) + 1)))

    def parse(self, answer: object) -> tuple[str, ...]:
        """Every option once, by text or number; raises `BadAnswer`."""
        if not isinstance(answer, Sequence) or isinstance(answer, str):
            raise BadAnswer(f"Donnez une liste : {self.asks}.")
        ordered = tuple(_option(self.options, part) for part in answer)
        if sorted(ordered) != sorted(self.options):
            raise BadAnswer(f"Chaque réponse une fois, et une seule : donnez {self.asks}.")
        return ordered

    read_measure = parse

    def say(self, value: Sequence[str]) -> str:
        """`« a », puis « b »`."""
        return ", puis ".join(f"« {option} »" for option in value)

    def gap(self, answer: Sequence[str], measure: Sequence[str]) -> Gap:
        """Right, near, or far: by the number of pairs that stand the wrong way round."""
        rank = {option: place for place, option in enumerate(measure)}
        inverted = sum(rank[a] > rank[b] for a, b in combinations(answer, 2))
        if inverted == 0:
            return Gap.RIGHT
        return Gap.NEAR if inverted <= self.near else Gap.FAR


Question = Number | Choice | Ordering
Answer = float | str | tuple[str, ...]


def call(id: str, question: Question) -> str:
    """The bet to write in code, with an answer of the right shape."""
    return f'bet({json.dumps(id)}, {question.example}, "plutôt")'


def fold(text: str) -> str:
    """Without case, accents, or any difference between spaces and between apostrophes."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())


def _option(options: Sequence[str], answer: object) -> str:
    by_text = {fold(option): option for option in options}
    by_number = {str(n): option for n, option in enumerate(options, 1)}
    wanted = fold(str(answer))
    found = by_text.get(wanted) or by_number.get(wanted)
    if found is None or isinstance(answer, bool):
        known = "".join(f"\n  {n}. {option}" for n, option in enumerate(options, 1))
        raise BadAnswer(f"« {_shown(answer)} » n’est pas une des réponses proposées :{known}")
    return found


def _as_float(value: object, unit: tuple[str, str]) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip()
    for word in unit[::-1]:
        text = text.removesuffix(word)
    try:
        found = float(text.translate(SPACES).replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _shown(answer: object) -> str:
    text = str(answer)
    return text if len(text) <= 40 else text[:40] + "…"


def _of(word: str) -> str:
    """`de ventes`, `d’appels`."""
    return f"d’{word}" if word[0].lower() in "aeiouyhàâéèêîôû" else f"de {word}"
