"""The learner's two verbs: `bet` before the measurement, `settle` in the cell that measures."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from workbook.bets import told
from workbook.bets.book import LONGEST_WHY, Bet, bet_on, write
from workbook.bets.certainty import certainty_of
from workbook.bets.question import BadAnswer, Gap, call
from workbook.frontend import in_a_notebook, show, view
from workbook.views.canvas.words import NBSP

if TYPE_CHECKING:
    from IPython.display import DisplayHandle

# The forms on the page, and what stands under each, by question: a measurement closes them.
_FORMS: dict[str, _OpenForm] = {}


def bet(id: str, answer: object = None, certainty: object = None) -> None:
    """Ask for a bet on question `id`, or keep the one given: `bet("ch07.survivors", 5, "certain")`.

    An ordering is a list. The last bet before the measurement counts. Raises `BadAnswer` where the
    answer does not fit its question, `UnknownBet` where there is none; what was bet before stays.
    """
    found = bet_on(id)
    if answer is None and certainty is None:
        _ask(found)
        return
    if answer is None or certainty is None:
        raise BadAnswer(
            f"Un pari dit une réponse et une certitude{NBSP}: {call(id, found.question)}"
        )
    note = _keep(id, answer, certainty)
    show(told.receipt(bet_on(id), note))


def settle(id: str, measure: object, theme: str = "light") -> None:
    """Seal the bet on question `id`, show it beside `measure`, and ask for one line of why.

    Without a bet it says so once and shows the measure alone. Run again, it shows the new measure
    beside the bet that the first one sealed. Raises `BadAnswer` where `measure` does not fit.
    """
    question = bet_on(id).question
    first = not bet_on(id).sealed
    note = write("measure", id, measure=question.read_measure(measure))
    found = bet_on(id)
    if form := _FORMS.pop(id, None):
        form.close(found)
    _show(found, theme)
    handle = show(told.compared(found, first, note))
    if found.made and handle is not None:
        _ask_why(found, handle)


def _keep(id: str, answer: object, certainty: object) -> str:
    """Record a bet; what to tell besides. Raises `BadAnswer`."""
    found = bet_on(id)
    said, degree = found.question.parse(answer), certainty_of(certainty)
    if found.sealed:
        return told.NEVER_LATE
    note = write("bet", id, answer=said, certainty=degree)
    if form := _FORMS.get(id):
        form.tell(bet_on(id), note)
    return note


class _OpenForm:
    """A form on the page and its receipt: two outputs, so that a keyboard keeps its place."""

    def __init__(self, form: DisplayHandle, receipt: DisplayHandle) -> None:
        self._form, self._receipt = form, receipt

    def tell(self, bet: Bet, note: str = "") -> None:
        self._receipt.update(told.receipt(bet, note), raw=True)

    def close(self, bet: Bet) -> None:
        self._form.update(told.asked(bet.id, bet.question), raw=True)
        self.tell(bet)


def _ask(bet: Bet) -> None:
    asked = told.asked(bet.id, bet.question)
    if bet.sealed or not in_a_notebook():
        show(asked)
        show(told.receipt(bet))
        return
    from workbook.bets.form import BetForm

    form = BetForm(bet, partial(_from_form, bet.id))
    shown = show(view(form) | asked)
    _FORMS[bet.id] = _OpenForm(shown, show(told.receipt(bet)))


def _from_form(id: str, answer: object, certainty: object) -> str:
    return _keep(id, answer, certainty) or "Enregistré."


def _ask_why(bet: Bet, remark: DisplayHandle) -> None:
    from workbook.bets.form import NoteField

    question = "Qu’est-ce qui vous l’a fait dire" if bet.gap is Gap.RIGHT else "Pourquoi cet écart"
    record = partial(_note_why, bet.id, remark)
    field = NoteField(f"{question}{NBSP}?", bet.why, record, "une ligne, facultative")
    about = f"{question}{NBSP}? Une ligne, facultative."
    show(view(field) | told.said(bet.why or about))


def _note_why(id: str, remark: DisplayHandle, text: str) -> str:
    note = write("why", id, why=text.strip()[:LONGEST_WHY])
    remark.update(told.compared(bet_on(id), first=False), raw=True)
    return note or "C’est noté."


def _show(bet: Bet, theme: str) -> None:
    from workbook.bets.picture import compare, words

    if in_a_notebook():
        compare(bet, theme).show()
    else:
        print(words(bet).sentence)
