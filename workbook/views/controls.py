"""The parts of a form in a page: labelled, by keyboard as by mouse.

A choice is a row of switches, each reached by Tab and pressed by Space: the arrows that radio
buttons and lists need are JupyterLab's own, which walk from cell to cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from html import escape

import ipywidgets as widgets

from workbook.views.canvas.words import NBSP

WRAP = {"flex_flow": "row wrap", "align_items": "center"}


def look(css_class: str) -> str:
    """The style of a form of that class, as HTML."""
    return (
        f"<style>.{css_class}{{border:1px solid rgba(128,128,128,.35);"
        "border-left:5px solid #3f83d1;border-radius:6px;padding:.3em .8em .5em;"
        "max-width:728px;box-sizing:border-box}"
        f".{css_class} :focus-visible{{outline:2px solid!important;outline-offset:1px}}"
        f".{css_class} .widget-toggle-button{{height:auto;min-height:28px;line-height:1.35;"
        "white-space:normal;text-align:left;padding:.3em .8em}"
        f".{css_class} .widget-toggle-button.mod-active{{font-weight:700}}</style>"
    )


def row(label: str, field: widgets.Widget) -> widgets.Box:
    """A field after its label, unless it carries its own."""
    parts = [widgets.Label(label), field] if label else [field]
    return widgets.HBox(parts, layout=widgets.Layout(**WRAP))


def status(words: str, *, wrong: bool = False) -> str:
    """What a form has to say, as HTML that a screen reader announces."""
    role, sign = ("alert", "⚠ ") if wrong else ("status", "")
    return (
        f'<div role="{role}" style="color:var(--jp-ui-font-color1,inherit);'
        f'white-space:pre-wrap;line-height:1.4">{sign}{escape(words)}</div>'
    )


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
        super().__init__([*self._buttons.values()], layout=widgets.Layout(**WRAP))

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
