"""The bets of a class as CSV, and the questions as a quiz for Moodle (GIFT) and Wooclap (CSV).

Formats: GIFT as `question/format/gift/` of Moodle reads it (numbers `{#low..high}`, matching pairs
for an order); Wooclap's import table, `Type,Title,Correct` and seven `Choice` columns. In a quiz
nothing is measured: the right answer is `usual`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

from workbook.bets.certainty import Certainty
from workbook.bets.collect import Classroom
from workbook.bets.question import Number, Ordering, Question
from workbook.errors import WorkbookError
from workbook.views.canvas.words import NBSP

HEAD = (
    *("apprenant", "question", "pari", "certitude"),
    *("mesure", "écart", "certain et faux", "pourquoi"),
)
WOOCLAP_CHOICES = 7
CERTAINTY = f"Votre certitude{NBSP}?"
# What a spreadsheet would take for a formula.
FORMULA = re.compile(r"^[=+\-@\t\r]")


def bets_csv(classroom: Classroom) -> str:
    """One line a bet, separated by semicolons as a French spreadsheet expects."""
    rows = [
        (
            name,
            id,
            bet.question.say(bet.answer),
            bet.certainty,
            bet.question.say(bet.measure) if bet.sealed else "",
            bet.gap.value if bet.gap else "",
            "oui" if bet.sure_and_wrong else "",
            bet.why,
        )
        for name, bets in classroom.bets.items()
        for id, bet in bets.items()
        if bet.made
    ]
    return _csv([HEAD, *rows], delimiter=";")


class NoAnswers(WorkbookError):
    """This edition of the course does not say what its bets usually come to."""


def require_answers(questions: Mapping[str, Question]) -> None:
    """Raise `NoAnswers` in the learners' edition."""
    if any(question.usual is ... for question in questions.values()):
        raise NoAnswers("L’édition des apprenants ne donne pas les réponses usuelles des paris.")


def gift(questions: Mapping[str, Question]) -> str:
    """The questions, a category a chapter; set the quiz to ask for a certainty as well."""
    lines = ["// Paris du cours. Dans Moodle : banque de questions, Importer, format GIFT."]
    category = None
    for id, question in questions.items():
        key = id.partition(".")[0]
        if key != category:
            lines.append(f"$CATEGORY: $course$/top/Paris/{key}\n")
            category = key
        lines.append(f"::{id}::[plain]{_escaped(question.text)} {{{_gift_answer(question)}}}\n")
    return "\n".join(lines)


def wooclap(questions: Mapping[str, Question]) -> str:
    """The questions, each followed by a poll on the certainty."""
    head = ("Type", "Title", "Correct", *["Choice"] * WOOCLAP_CHOICES)
    rows = (row for question in questions.values() for row in _wooclap_rows(question))
    return _csv([head, *rows])


def _gift_answer(question: Question) -> str:
    if isinstance(question, Number):
        low, high = _near(question)
        return f"#{low}..{high}" if low != high else f"#{low}"
    if isinstance(question, Ordering):
        places = (f"\n={n}. -> {_escaped(option)}" for n, option in enumerate(question.usual, 1))
        return "".join(places) + "\n"
    marks = ("=" if option == question.usual else "~" for option in question.options)
    pairs = zip(marks, question.options, strict=True)
    return "".join(f"\n{mark}{_escaped(option)}" for mark, option in pairs) + "\n"


def _near(question: Number) -> tuple[int, int]:
    if question.factor:
        return round(question.usual / question.factor), round(question.usual * question.factor)
    low, high = question.usual - question.near, question.usual + question.near
    return max(question.low, low), min(question.high, high)


def _escaped(text: str) -> str:
    """GIFT's control characters, each after a backslash."""
    return re.sub(r"([~=#{}:\\])", r"\\\1", text)


def _wooclap_rows(question: Question) -> Iterator[tuple[object, ...]]:
    if isinstance(question, Number):
        yield _padded("GuessNumber", question.text, question.usual)
    elif isinstance(question, Ordering):
        yield _padded("Sorting", question.text, "", *question.usual)
    else:
        right = question.options.index(question.usual) + 1
        yield _padded("MCQ", question.text, right, *question.options)
    yield _padded("Poll", CERTAINTY, "", *Certainty)


def _padded(*cells: object) -> tuple[object, ...]:
    return (*cells, *[""] * (3 + WOOCLAP_CHOICES - len(cells)))


def _csv(rows: Iterable[Iterable[object]], delimiter: str = ",") -> str:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return target.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell
