"""The bets as the logbook keeps them: three kinds of records, folded into one `Bet` a question.

    {"kind": "bet", "exercise": "ch07.survivors", "answer": 5, "certainty": "certain"}
    {"kind": "measure", "exercise": "ch07.survivors", "measure": 5}
    {"kind": "why", "exercise": "ch07.survivors", "why": "…"}

The last bet before the first measure is the one that counts: that measure seals it. The same three
travel in a saved notebook, as the outputs' `RECORD`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from workbook import logbook
from workbook.bets import registry
from workbook.bets.certainty import Certainty, certainty_of
from workbook.bets.question import Answer, BadAnswer, Gap, Question

RECORD = "application/vnd.workbook.bet+json"
LONGEST_WHY = 300
# What the disk has refused: kept as long as the kernel.
_UNWRITTEN: list[dict[str, Any]] = []


@dataclass
class Bet:
    """What one learner said of one question; `measure` is the one that sealed it."""

    id: str
    question: Question
    answer: Answer | None = None
    certainty: Certainty | None = None
    measure: Answer | None = None
    latest: Answer | None = None
    why: str = ""

    @property
    def made(self) -> bool:
        """Whether there is a bet, sealed or not."""
        return self.answer is not None

    @property
    def sealed(self) -> bool:
        """Whether the measurement was made."""
        return self.measure is not None

    @property
    def gap(self) -> Gap | None:
        """How far the bet was; None as long as bet or measure lacks."""
        if not (self.made and self.sealed):
            return None
        return self.question.gap(self.answer, self.measure)

    @property
    def sure_and_wrong(self) -> bool:
        """« Certain et faux »: an unsuspected error, in Caseine's words."""
        return self.certainty is Certainty.SURE and self.gap is Gap.FAR

    def said(self) -> str:
        """`5 ventes · certain`."""
        return f"{self.question.say(self.answer)} · {self.certainty}"

    def entries(self) -> list[dict[str, Any]]:
        """The records this bet would be folded from."""
        told = [("bet", {"answer": self.answer, "certainty": self.certainty})] * self.made
        told += [("measure", {"measure": self.measure})] * self.sealed
        told += [("why", {"why": self.why})] * bool(self.why)
        return [{"kind": kind, "exercise": self.id, **details} for kind, details in told]


def bet_on(id: str) -> Bet:
    """What the learner's logbook says of question `id`; `UnknownBet`."""
    question = registry.find(id)
    return my_bets([id]).get(id) or Bet(id, question)


def my_bets(ids: Iterable[str] | None = None) -> dict[str, Bet]:
    """The bets of the learner's own logbook by id, of the questions `ids` or of all."""
    questions = registry.all_bets() if ids is None else {id: registry.find(id) for id in ids}
    return folded([*logbook.records(), *_UNWRITTEN], questions)


def folded(entries: Iterable[Mapping[str, Any]], questions: Mapping[str, Question]) -> dict:
    """Records, oldest first, as a `Bet` a question; what does not fit one is passed over."""
    bets: dict[str, Bet] = {}
    for entry in entries:
        id, fold = entry["exercise"], _FOLDS.get(entry["kind"])
        if id in questions and fold:
            with suppress(BadAnswer, KeyError):
                fold(bets.setdefault(id, Bet(id, questions[id])), entry)
    return {id: bet for id, bet in bets.items() if bet.made or bet.sealed}


def write(kind: str, id: str, **details: Any) -> str:
    """Keep a record; what to tell where the disk refuses it, else nothing."""
    try:
        logbook.record(kind, id, **details)
    except OSError as error:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        _UNWRITTEN.append({"time": now, "kind": kind, "exercise": id, **details})
        return logbook.explain(error)
    return ""


def _fold_bet(bet: Bet, entry: Mapping[str, Any]) -> None:
    if not bet.sealed:
        answer, certainty = bet.question.parse(entry["answer"]), certainty_of(entry["certainty"])
        bet.answer, bet.certainty = answer, certainty


def _fold_measure(bet: Bet, entry: Mapping[str, Any]) -> None:
    bet.latest = bet.question.read_measure(entry["measure"])
    if not bet.sealed:
        bet.measure = bet.latest


def _fold_why(bet: Bet, entry: Mapping[str, Any]) -> None:
    if isinstance(entry["why"], str):
        bet.why = entry["why"][:LONGEST_WHY]


_FOLDS = {"bet": _fold_bet, "measure": _fold_measure, "why": _fold_why}
