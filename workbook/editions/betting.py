"""What an author must correct of a chapter's bets: each is asked once it is known, then settled."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from workbook.bets.registry import UnknownBet, find, of_chapter
from workbook.editions.cell import Cell

VERBS = ("bet", "settle")


def bet_mistakes(key: str, cells: Iterable[Cell]) -> Iterator[tuple[int, str]]:
    """(line, text) of each mistake of chapter `key`; line 0 is that of its `bets.py`."""
    calls = list(_calls(cells))
    asked, settled = ({id: line for line, verb, id in calls[::-1] if verb == v} for v in VERBS)
    for line, _, id in calls:
        if unknown := _unknown(key, id):
            yield line, unknown
    for id in (f"{key}.{name}" for name in of_chapter(key)):
        if id not in asked | settled:
            yield 0, f"aucune cellule ne demande le pari « {id} »"
    yield from _unpaired(asked, settled)


def _unpaired(asked: Mapping[str, int], settled: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    for id, line in asked.items():
        if id not in settled:
            yield line, f"le pari « {id} » n’est jamais mesuré : settle(…)"
        elif settled[id] < line:
            yield line, f"le pari « {id} » est demandé après sa mesure"
    for id in settled.keys() - asked.keys():
        text = f"le pari « {id} » est mesuré sans avoir été demandé : bet(…)"
        yield settled[id], text


def _calls(cells: Iterable[Cell]) -> Iterator[tuple[int, str, str]]:
    """(line, verb, id) of each `bet("…")` and `settle("…", …)`, in the order of the text."""
    for cell in cells:
        if cell.kind == "code" and any(f"{verb}(" in cell.text for verb in VERBS):
            yield from sorted(_in_cell(cell))


def _in_cell(cell: Cell) -> Iterator[tuple[int, str, str]]:
    lines = ("" if line.startswith(("%", "!")) else line for line in cell.text.splitlines())
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:  # told elsewhere, or when the cell runs
        return
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=verb), args=[ast.Constant(value=id), *_]):
                if verb in VERBS:
                    yield cell.line + node.lineno - 1, verb, str(id)


def _unknown(key: str, id: str) -> str | None:
    if id.partition(".")[0] != key:
        return f"le pari « {id} » n’appartient pas au dossier « {key} »"
    try:
        find(id)
    except UnknownBet as unknown:
        return str(unknown)
    return None
