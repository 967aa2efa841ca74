"""Cells as a notebook: minimal metadata, stable ids, written as Jupyter writes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from workbook.editions.cell import Cell, student_text
from workbook.editions.source import Source


def student_edition(source: Source) -> str:
    """The student notebook, as the text of its file."""
    return written(as_notebook(source, student_text))


def as_notebook(source: Source, text_of: Callable[[Cell], str]) -> dict[str, Any]:
    ids = cell_ids(source.cells)
    cells = [
        _notebook_cell(cell, id, text_of(cell)) for cell, id in zip(source.cells, ids, strict=True)
    ]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


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
