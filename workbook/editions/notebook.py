"""Cells as a notebook: minimal metadata, stable ids, written as Jupyter writes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from workbook.editions.cell import Cell, student_text
from workbook.editions.opening import opening
from workbook.editions.source import Source

LINK = re.compile(r"\]\(course:(\w+)\)")


def student_edition(source: Source) -> str:
    """The student notebook, as the text of its file."""
    return written(as_notebook(source, student_text))


def as_notebook(source: Source, text_of: Callable[[Cell], str]) -> dict[str, Any]:
    cells = [
        _notebook_cell(cell, id, text_of(cell))
        for id, cell in _opened(source, linked_cells(source)).items()
    ]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def linked_cells(source: Source) -> dict[str, Cell]:
    """The cells by id, their links to other chapters those of the notebook."""
    linked = [replace(cell, text=_linked(source, cell.text)) for cell in source.cells]
    return dict(zip(cell_ids(linked), linked, strict=True))


def _opened(source: Source, cells: dict[str, Cell]) -> dict[str, Cell]:
    """The cells, the first of which ends with the chapter's minutes and contents."""
    id, first = next(iter(cells.items()))
    told = _linked(source, opening(source.key, cells, source.addresses))
    text = f"{first.text}\n\n{told}" if told and first.kind == "markdown" else first.text
    return {**cells, id: replace(first, text=text)}


def _linked(source: Source, text: str) -> str:
    """`[…](course:ch07)` and `[…](course:next)` as paths from the notebook's own folder."""
    kind = source.addresses[source.key].partition("/")[0]

    def path(link: re.Match[str]) -> str:
        address = source.addresses[source.next if link[1] == "next" else link[1]]
        folder, _, name = address.partition("/")
        return f"]({name if folder == kind else '../' + address})"

    return LINK.sub(path, text)


def _notebook_cell(cell: Cell, id: str, text: str) -> dict[str, Any]:
    metadata: dict[str, Any] = {"tags": list(cell.tags)} if cell.tags else {}
    named = {key: getattr(cell, key) for key in ("answer", "check") if getattr(cell, key)}
    if named:
        metadata["workbook"] = named
    made = {
        "cell_type": cell.kind,
        "id": id,
        "metadata": metadata,
        "source": text.splitlines(keepends=True),
    }
    return made | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})


def cell_ids(cells: Iterable[Cell]) -> list[str]:
    """One id a cell, the same in both editions, stable when other cells come and go."""
    used: dict[str, int] = {}
    ids = []
    for cell in cells:
        base = _base_id(cell)
        used[base] = used.get(base, 0) + 1
        ids.append(base if used[base] == 1 else f"{base}-{used[base]}")
    return ids


def _base_id(cell: Cell) -> str:
    for role in ("answer", "check"):
        if name := getattr(cell, role):
            return f"{role}-{name.replace('.', '-')}"
    return hashlib.sha256(f"{cell.kind}\n{cell.text}".encode()).hexdigest()[:12]


def written(notebook: dict[str, Any]) -> str:
    """As Jupyter itself writes: a save in JupyterLab changes only what was edited."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
