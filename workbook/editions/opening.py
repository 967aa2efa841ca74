"""What opens a chapter below its author's words: minutes, what is better done before, contents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from workbook.checks.chapter import Chapter
from workbook.checks.registry import chapters, planned
from workbook.editions.cell import Cell
from workbook.views.canvas.words import NBSP

HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


def opening(key: str, cells: Mapping[str, Cell], linked: Iterable[str]) -> str:
    """The end of a chapter's first cell, in Markdown.

    `cells` are the chapter's own by id, `linked` the chapters one can open.
    """
    chapter = chapters().get(key)
    if chapter is None:
        return ""
    told = [f"**Durée**{NBSP}: {_minutes(chapter)}."]
    if before := list(_before(chapter, set(linked))):
        told.append(f"**Mieux vaut avoir fait**{NBSP}: {', '.join(before)}.")
    contents = _contents(cells)
    return " ".join(told) + (f"\n\n**Sommaire**{NBSP}:\n\n{contents}" if contents else "")


def _minutes(chapter: Chapter) -> str:
    deeper = f", puis {chapter.deeper}{NBSP}min pour aller plus loin" if chapter.deeper else ""
    return f"{chapter.minutes}{NBSP}min{deeper}"


def _before(chapter: Chapter, linked: set[str]) -> Iterator[str]:
    announced = {**planned(), **chapters()}
    for key in (one for one in chapter.after if one in announced):
        title = announced[key].title
        yield f"[{title}](course:{key})" if key in linked else title


def _contents(cells: Mapping[str, Cell]) -> str:
    return "\n".join(
        f"- [{heading}]({anchor(id)})"
        for id, cell in cells.items()
        if cell.kind == "markdown"
        for heading in HEADING.findall(cell.text)
    )


def anchor(id: str) -> str:
    """The end of a link to a cell: JupyterLab finds no heading with an accent by its text."""
    return f"#cell-id={id}"
