"""A measurement that the learner makes again with other settings: a slider, a choice, a button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ipywidgets as widgets

from workbook.frontend import show, view
from workbook.tables import Row, Table
from workbook.views.canvas.words import NBSP
from workbook.views.controls import WRAP, Switches, look, row, status

CLASS = "workbook-trials"
ELSEWHERE = (
    "Dans JupyterLab, des réglages et un bouton refont cette mesure sur la boutique en marche."
)
AT_WORK = "Mesure en cours…"


@dataclass(frozen=True)
class Slider:
    """A whole number from `low` to `high`, by `step`, that starts at `value`; `label` says what."""

    label: str
    low: int
    high: int
    step: int
    value: int


@dataclass(frozen=True)
class Options:
    """One of `among`, the first where nothing is chosen; `label` says of what."""

    label: str
    among: Sequence[str]


class Trials:
    """A table that grows by a row a measurement, under the form that asks for the next one.

    `measure(number, option)` returns the figures of a row, in the order of `head`, whose first two
    names are those of the settings. Displayed, it measures once with the settings it starts with,
    whether there is a page to show the form in or not. A measure that fails is told in the form.
    """

    def __init__(
        self, measure: Callable[[int, str], Row], slider: Slider, options: Options, head: Row
    ) -> None:
        self._measure, self._head, self.rows = measure, tuple(head), []
        self._number = widgets.IntSlider(
            slider.value,
            slider.low,
            slider.high,
            slider.step,
            continuous_update=False,
            description=f"{slider.label}{NBSP}:",
            style={"description_width": "initial"},
            layout=widgets.Layout(width="460px", max_width="100%"),
        )
        self._option = Switches(options.label, options.among, options.among[:1])
        self._button = widgets.Button(
            description="Mesurer",
            tooltip="Refaire la mesure avec ces réglages",
            button_style="primary",
            layout=widgets.Layout(width="112px"),
        )
        self._button.on_click(lambda _: self._again())
        self._status = widgets.HTML()
        last = widgets.HBox([self._button, self._status], layout=widgets.Layout(**WRAP))
        options_row = row(f"{options.label}{NBSP}:", self._option)
        head = widgets.HTML(look(CLASS))
        self.form = widgets.VBox([head, self._number, options_row, last])
        self.form.add_class(CLASS)
        self._shown = None

    def table(self) -> Table:
        """What was measured so far, a row a measurement, in their order."""
        return Table(self._head, self.rows, left=2)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        if not self.rows:
            self._add()
        # A page of its own, or the saved notebook would keep a form that lives in its kernel.
        told = {"text/plain": ELSEWHERE, "text/html": f'<p style="color:inherit">{ELSEWHERE}</p>'}
        show(view(self.form) | told)
        self._shown = display(self.table(), display_id=True)

    def _again(self) -> None:
        if not self._option.picked:
            self._status.value = status("Choisissez d’abord une des options.", wrong=True)
            return
        self._button.disabled, self._status.value = True, status(AT_WORK)
        try:
            self._add()
        except Exception as error:  # a button has no cell to raise in: whatever fails is said here
            self._status.value = status(str(error) or type(error).__name__, wrong=True)
        else:
            self._status.value = status("C’est la dernière ligne du tableau.")
        finally:
            self._button.disabled = False
        if self._shown is not None:
            self._shown.update(self.table())

    def _add(self) -> None:
        number, (option, *_) = self._number.value, self._option.picked
        self.rows.append((str(number), option, *self._measure(number, option)))
