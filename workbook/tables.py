"""A table of figures, as text for a terminal and as HTML for a notebook: one way to show one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from html import escape

Row = Sequence[object]
_MEASURED = ' class="measured"'
# Where the line of a path may break: a column of them must not push a table off its page.
_SLASH = re.compile(r"(?<=[\w.])/(?=[a-z])")


def text_table(rows: Iterable[Row], left: int = 1) -> str:
    """Aligned columns; the first `left` ones to the left, the others, figures, to the right."""
    cells = [[str(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]

    def line(row: list[str]) -> str:
        columns = enumerate(zip(row, widths, strict=True))
        return "  ".join(
            cell.ljust(width) if n < left else cell.rjust(width) for n, (cell, width) in columns
        ).rstrip()

    return "\n".join(map(line, cells))


class Table:
    """A table a cell shows: `head` names the columns, each row has as many values.

    The first `left` columns hold words, the others figures. `caption` is read out first.
    """

    def __init__(self, head: Row, rows: Iterable[Row], caption: str = "", left: int = 1) -> None:
        self.head, self.rows, self.caption, self.left = head, list(rows), caption, left

    def __repr__(self) -> str:
        table = text_table([self.head, *self.rows], self.left)
        return f"{self.caption}\n{table}" if self.caption else table

    def _repr_html_(self) -> str:
        html = html_table(self.head, self.rows, self.caption, self.left)
        return _SLASH.sub("/<wbr>", html)


def html_table(
    head: Row,
    rows: Iterable[Row],
    caption: str = "",
    left: int = 1,
    measured: Collection[int] = (),
) -> str:
    """An accessible table: a caption, column heads, row heads; colours are the page's own.

    `measured` columns hold figures that change from run to run: they are marked
    `class="measured"`, so that whoever compares two runs can leave them out.
    """
    heads = "".join(
        f'<th scope="col" style="text-align:{_side(n, left)}">{escape(str(name))}</th>'
        for n, name in enumerate(head)
    )
    body = "".join(f"<tr>{_html_row(row, left, measured)}</tr>" for row in rows)
    told = f'<caption style="text-align:left;color:inherit">{escape(caption)}</caption>'
    return (
        f'<table style="color:inherit">{told if caption else ""}'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def _html_row(row: Row, left: int, measured: Collection[int]) -> str:
    first, *rest = row
    cells = "".join(
        f'<td{_MEASURED * (n in measured)} style="text-align:{_side(n, left)}">'
        f"{escape(str(value))}</td>"
        for n, value in enumerate(rest, 1)
    )
    return f'<th scope="row" style="text-align:left">{escape(str(first))}</th>{cells}'


def _side(column: int, left: int) -> str:
    return "left" if column < left else "right"
