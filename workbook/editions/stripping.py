"""A chapter's folder without its answers: what the engine runs, and nothing that gives them away.

NN_title.py     its solutions emptied, each with its stub written out: the student edition that
                is made of it is the same, and `workbook submit --dry-run` works from it
bets.py         without `usual`, which only the exports to quizzes need
answers/        left out
all the rest    as it is: exercises judge by behaviour, experiments are what the text runs
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from workbook.editions.cell import MARKER, STUB_LINES, Block, Cell, Misplaced, split, stub_of
from workbook.editions.source import Source, squeezed

LEFT_OUT = ("answers", "__pycache__")
LEAST = 40  # characters of a solution that could be recognised elsewhere
LINKED = re.compile(r"\[([^\]]*)\]\(course:(\w+)\)")
USUAL = "usual"
UNKNOWN = "..."  # what `usual` is replaced by


def stripped(source: Source, kept: Collection[str]) -> str:
    """The text of a source without its solutions, linked only to the chapters that are `kept`."""
    text = source.path.read_text(encoding="utf-8")
    solutions = [block for cell in source.cells if cell.answer for block in _solutions(cell)]
    emptied = "\n".join(_emptied(text.split("\n"), iter(solutions)))
    return unlinked(emptied, kept)


def unlinked(text: str, kept: Collection[str]) -> str:
    """A text whose links to other chapters than those `kept` are their words alone."""
    return LINKED.sub(lambda link: link[0] if link[2] in {"next", *kept} else link[1], text)


def _solutions(cell: Cell) -> Iterator[tuple[Block, bool]]:
    """Each solution of a cell, and whether its author wrote the stub that follows."""
    blocks = split(cell)
    for index, block in enumerate(blocks):
        if block.kind == "solution":
            after = blocks[index + 2 : index + 3]
            yield block, any(one.kind == "stub" for one in after)


def _emptied(lines: Iterable[str], solutions: Iterator[tuple[Block, bool]]) -> Iterator[str]:
    inside = False
    for line in lines:
        marker = MARKER.match(line)
        solution = marker is not None and marker["kind"] == "SOLUTION"
        if solution or not inside:
            yield line
        if solution and marker is not None:
            inside = marker["edge"] == "BEGIN"
            if inside and marker["indent"]:  # a function needs a body to be read
                yield f"{marker['indent']}{STUB_LINES[-1]}"
            if not inside:
                yield from _stub(*next(solutions), marker["indent"])


def _stub(block: Block, has_stub: bool, indent: str) -> Iterator[str]:
    """The stub that the engine would have made of the solution, as an author writes one."""
    if has_stub:
        return
    yield f"{indent}### BEGIN STUB"
    for line in stub_of(block):
        yield f"{indent}# {line.removeprefix(indent)}".rstrip()
    yield f"{indent}### END STUB"


def without_usual(text: str) -> str:
    """The bets of a chapter without what our machines measure."""
    lines = text.split("\n")
    for node in sorted(_usuals(text), key=lambda one: (one.lineno, one.col_offset), reverse=True):
        start, end = _offset(lines, node.lineno, node.col_offset), node.end_lineno or node.lineno
        stop = _offset(lines, end, node.end_col_offset or 0)
        head, tail = lines[node.lineno - 1][:start], lines[end - 1][stop:]
        lines[node.lineno - 1 : end] = [head + UNKNOWN + tail]
    return "\n".join(lines)


def _usuals(text: str) -> list[ast.expr]:
    return [
        keyword.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == USUAL
    ]


def _offset(lines: list[str], number: int, column: int) -> int:
    """A column of `ast`, counted in bytes, as one of characters."""
    return len(lines[number - 1].encode()[:column].decode())


def leaks(source: Source, texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """(exercise, name) where a solution of several lines can be read in one of the named texts."""
    needles = [
        (cell.answer, needle)
        for cell in source.cells
        for block in _blocks(cell)
        if len(needle := squeezed(block.lines)) >= LEAST and "\n" in needle
    ]
    for name, text in texts:
        whole = squeezed(text.split("\n"))
        yield from ((id or "", name) for id, needle in needles if needle in whole)


def _blocks(cell: Cell) -> list[Block]:
    try:
        return [block for block, _ in _solutions(cell)] if cell.answer else []
    except Misplaced:
        return []


def files(folder: Path) -> Iterator[Path]:
    """Those of a folder that a learner's archive may hold, in a fixed order."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part in LEFT_OUT for part in parts)
        if path.is_file() and not hidden and path.suffix != ".pyc":
            yield path
