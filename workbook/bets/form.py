"""The form of a bet, in ipywidgets: labelled, by keyboard as by mouse, and no code to type.

A choice is a row of switches, each reached by Tab and pressed by Space: the arrows that radio
buttons and lists need are JupyterLab's own, which walk from cell to cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from html import escape

import ipywidgets as widgets

from workbook.bets.book import Bet
from workbook.bets.certainty import Certainty
from workbook.bets.question import BadAnswer, Choice, Number, Ordering
from workbook.views.canvas.words import NBSP

CLASS = "workbook-bet"
AREA = "workbook-words-area"
_LOOK = (
    f"<style>.{CLASS}{{border:1px solid rgba(128,128,128,.35);border-left:5px solid #3f83d1;"
    "border-radius:6px;padding:.3em .8em .5em;max-width:728px;box-sizing:border-box}"
    f".{CLASS} :focus-visible{{outline:2px solid!important;outline-offset:1px}}"
    f".{CLASS} .widget-toggle-button{{height:auto;min-height:28px;line-height:1.35;"
    "white-space:normal;text-align:left;padding:.3em .8em}"
    f".{CLASS} .widget-toggle-button.mod-active{{font-weight:700}}"
    f".{CLASS} .{AREA}{{flex-direction:column;align-items:stretch}}"
    f".{CLASS} .{AREA} label{{text-align:left;white-space:normal}}</style>"
)
_AS_LONG = {"description_width": "initial"}
_WRAP = {"flex_flow": "row wrap", "align_items": "center"}


class Switches(widgets.Box):
    """Options to press, one or, if `ranked`, all in their order; `picked` are those pressed."""

    def __init__(
        self, name: str, options: Iterable[str], picked: Iterable[str], *, ranked: bool = False
    ) -> None:
        self.picked, self._ranked, self._settling = list(picked), ranked, False
        self._buttons = {
            option: widgets.ToggleButton(
                tooltip=f"{name}{NBSP}: {option}", layout=widgets.Layout(width="auto")
            )
            for option in options
        }
        self._settle()
        for option, button in self._buttons.items():
            button.observe(partial(self._press, option), "value")
        super().__init__([*self._buttons.values()], layout=widgets.Layout(**_WRAP))

    def _press(self, option: str, change: dict) -> None:
        if self._settling:
            return
        others = [one for one in self.picked if one != option] if self._ranked else []
        self.picked = [*others, option] if change["new"] else others
        self._settle()

    def _settle(self) -> None:
        """Make every button show whether it is pressed, in words as well."""
        self._settling = True
        for option, button in self._buttons.items():
            button.value = option in self.picked
            button.description = self._said(option)
        self._settling = False

    def _said(self, option: str) -> str:
        if option not in self.picked:
            return option
        return f"{self.picked.index(option) + 1}. {option}" if self._ranked else f"✓ {option}"


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
        row = widgets.HBox([self._button, self._status], layout=widgets.Layout(**_WRAP))
        head = widgets.HTML(f"{_LOOK}<strong>{escape(bet.question.text)}</strong>")
        sure = _row(f"Votre certitude{NBSP}:", self._certainty)
        super().__init__([head, _row(_LABELS[type(bet.question)], self._field), sure, row])
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
        role, sign = ("alert", "⚠ ") if wrong else ("status", "")
        self._status.value = (
            f'<div role="{role}" style="color:var(--jp-ui-font-color1,inherit);'
            f'white-space:pre-wrap;line-height:1.4">{sign}{escape(words)}</div>'
        )


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
        look = widgets.Layout(**_WRAP)
        super().__init__([widgets.HTML(_LOOK), self._text, button, self._status], layout=look)
        self.add_class(CLASS)
        if rows > 1:
            self._text.add_class(AREA)

    def _keep(self) -> None:
        told = self._record(self._text.value)
        style = "color:var(--jp-ui-font-color1,inherit)"
        self._status.value = f'<div role="status" style="{style}">{escape(told)}</div>'


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


def _row(label: str, field: widgets.Widget) -> widgets.Box:
    """A field after its label, unless it carries its own."""
    parts = [widgets.Label(label), field] if label else [field]
    return widgets.HBox(parts, layout=widgets.Layout(**_WRAP))


_FIELDS = {Number: _number_field, Choice: _choice_field, Ordering: _ordering_field}
_LABELS = {
    Number: "",
    Choice: f"Votre pari{NBSP}:",
    Ordering: f"Votre pari, dans l’ordre où vous les choisissez{NBSP}:",
}
