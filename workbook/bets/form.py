"""The form of a bet, in ipywidgets: labelled, by keyboard as by mouse, and no code to type."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import ipywidgets as widgets

from workbook.bets.book import Bet
from workbook.bets.certainty import Certainty
from workbook.bets.question import BadAnswer, Choice, Number, Ordering
from workbook.views.canvas.words import NBSP
from workbook.views.controls import WRAP, Switches, look, row, status

CLASS = "workbook-bet"
AREA = "workbook-words-area"
_LOOK = (
    f"{look(CLASS)}<style>.{CLASS} .{AREA}{{flex-direction:column;align-items:stretch}}"
    f".{CLASS} .{AREA} label{{text-align:left;white-space:normal}}</style>"
)
_AS_LONG = {"description_width": "initial"}


class BetForm(widgets.VBox):
    """Asks for an answer and a certainty; `record(answer, certainty)` keeps them or raises."""

    def __init__(self, bet: Bet, record: Callable[[object, object], str]) -> None:
        self._record = record
        self._question = bet.question
        self._field = _FIELDS[type(bet.question)](bet)
        certain = [str(bet.certainty)] if bet.certainty else []
        self._certainty = Switches("Votre certitude", map(str, Certainty), certain)
        self._button = widgets.Button(
            description="Changer mon pari" if bet.made else "Parier",
            tooltip="Enregistrer ce pari ; vous pourrez en changer jusqu’à la mesure",
            button_style="primary",
            layout=widgets.Layout(width="150px"),
        )
        self._button.on_click(lambda _: self._keep())
        self._status = widgets.HTML()
        last = widgets.HBox([self._button, self._status], layout=widgets.Layout(**WRAP))
        head = widgets.HTML(f"{_LOOK}<strong>{escape(bet.question.text)}</strong>")
        sure = row(f"Votre certitude{NBSP}:", self._certainty)
        super().__init__([head, row(_LABELS[type(bet.question)], self._field), sure, last])
        self.add_class(CLASS)

    def _keep(self) -> None:
        try:
            self._say(self._record(self._answer(), next(iter(self._certainty.picked), None)))
        except BadAnswer as error:
            self._say(f"{error}", wrong=True)
        else:
            self._button.description = "Changer mon pari"

    def _answer(self) -> object:
        if isinstance(self._question, Ordering):
            return self._field.picked
        typed = isinstance(self._question, Number)
        answer = self._field.value if typed else next(iter(self._field.picked), "")
        if not answer.strip():
            raise BadAnswer(f"Il manque votre réponse{NBSP}: {self._question.asks}.")
        return answer

    def _say(self, words: str, *, wrong: bool = False) -> None:
        self._status.value = status(words, wrong=wrong)


class NoteField(widgets.HBox):
    """A few words of the learner's own; `record(text)` keeps them and returns what to say.

    One line, or an area of several `rows` under its label.
    """

    def __init__(
        self, label: str, kept: str, record: Callable[[str], str], hint: str, rows: int = 1
    ) -> None:
        kind, more = (widgets.Textarea, {"rows": rows}) if rows > 1 else (widgets.Text, {})
        self._text = kind(
            value=kept,
            description=label,
            placeholder=hint,
            style=_AS_LONG,
            layout=widgets.Layout(width="560px", max_width="100%"),
            **more,
        )
        button = widgets.Button(
            description="Noter",
            tooltip="Garder ces mots dans votre journal de bord",
            layout=widgets.Layout(width="90px"),
        )
        button.on_click(lambda _: self._keep())
        self._record, self._status = record, widgets.HTML()
        wrap = widgets.Layout(**WRAP)
        super().__init__([widgets.HTML(_LOOK), self._text, button, self._status], layout=wrap)
        self.add_class(CLASS)
        if rows > 1:
            self._text.add_class(AREA)

    def _keep(self) -> None:
        self._status.value = status(self._record(self._text.value))


def _number_field(bet: Bet) -> widgets.Text:
    return widgets.Text(
        value=str(bet.answer) if bet.made else "",
        description=f"Votre pari, {bet.question.asks}{NBSP}:",
        style=_AS_LONG,
        layout=widgets.Layout(width="auto", max_width="100%"),
    )


def _choice_field(bet: Bet) -> Switches:
    return Switches("Votre pari", bet.question.options, [bet.answer] if bet.made else [])


def _ordering_field(bet: Bet) -> Switches:
    picked = bet.answer if bet.made else []
    return Switches("Votre pari", bet.question.options, picked, ranked=True)


_FIELDS = {Number: _number_field, Choice: _choice_field, Ordering: _ordering_field}
_LABELS = {
    Number: "",
    Choice: f"Votre pari{NBSP}:",
    Ordering: f"Votre pari, dans l’ordre où vous les choisissez{NBSP}:",
}
