"""What a picture says to whoever does not see it: its words, and its data in a folded table.

JupyterLab shows a picture without its text and without an alternative: both reach a screen reader
only as an output of their own, after the picture's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from workbook.tables import Row, html_table

SUMMARY = "Les données de cette image"
_STYLE = (
    "font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:13px;line-height:1.45;"
    "color:var(--jp-ui-font-color1,inherit);max-width:70em;margin:.2em 0 .6em"
)


@dataclass(frozen=True)
class Words:
    """A picture in words, the same from one run to the next.

    `sentence` is always shown, on one line; the table (`head`, `rows`) is folded under it. Figures
    that change from run to run stand in `measured` columns only: nothing else may hold any.
    """

    sentence: str
    head: Row = ()
    rows: Sequence[Row] = ()
    left: int = 1
    measured: Collection[int] = ()

    def html(self) -> str:
        """The sentence, then the table in a closed `<details>`."""
        said = f'<p style="margin:0">{escape(self.sentence)}</p>'
        return f'<div class="workbook-words" style="{_STYLE}">{said}{self._folded()}</div>'

    def bundle(self) -> dict[str, object]:
        """MIME bundle of the output that follows the picture."""
        return {"text/plain": self.sentence, "text/html": self.html()}

    def _folded(self) -> str:
        if not self.rows:
            return ""
        table = html_table(self.head, self.rows, "", self.left, self.measured)
        return (
            f'<details><summary style="cursor:pointer">{SUMMARY}</summary>'
            f'<div tabindex="0" role="group" aria-label="{SUMMARY}" style="overflow-x:auto">'
            f"{table}</div></details>"
        )


def spoken(picture: Mapping[str, object], words: Words, width: float | None = None) -> object:
    """Display a picture (a MIME bundle, `width` pixels wide) and its words after it.

    Returns the picture's handle, for whoever replaces it later.
    """
    from IPython.display import display

    about = {"alt": words.sentence} | ({"width": round(width)} if width else {})
    handle = display(picture, metadata={"image/png": about}, raw=True, display_id=True)
    display(words.bundle(), raw=True)
    return handle
