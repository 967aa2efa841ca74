"""Reads a source and finds what its author must correct."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook.checks.exercise import IDENTIFIER
from workbook.checks.registry import UnknownExercise, find
from workbook.editions.cell import (
    ALMOST_MARKER,
    Block,
    Cell,
    Misplaced,
    require_runnable,
    split,
    student_text,
)

CELL_START = re.compile(r"^# %%(?=\s|$)", re.MULTILINE)
LEAK_LENGTH = 40


@dataclass(frozen=True)
class Problem:
    """Something an author must correct, at a line of a file."""

    path: Path
    line: int
    text: str

    def told(self, root: Path) -> str:
        """`source/notebooks/07.py:12 : …`, clickable in most terminals."""
        shown = self.path.relative_to(root) if self.path.is_relative_to(root) else self.path
        return f"{shown}:{self.line} : {self.text}"


@dataclass
class Source:
    """One chapter or lab: its cells, and what is wrong with them."""

    path: Path
    root: Path
    cells: list[Cell] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        """`07_messages_asynchrones`."""
        return self.path.stem

    @property
    def student(self) -> Path:
        """Where the student edition goes: beside its kind, notebooks or labs."""
        return self.root / self.path.parent.name / f"{self.name}.ipynb"

    @property
    def solved(self) -> Path:
        """Where the solved edition goes."""
        return self.root / "solutions" / f"{self.name}.ipynb"

    @property
    def exercises(self) -> list[str]:
        """Ids of the exercises, in reading order."""
        return [cell.answer for cell in self.cells if cell.answer]


def sources(root: Path) -> list[Source]:
    """Every chapter and lab under `root`, read and examined."""
    paths = [
        p for kind in ("notebooks", "labs") for p in sorted((root / "source" / kind).glob("*.py"))
    ]
    found = [read(path, root) for path in paths]
    _examine_together(found)
    return found


def read(path: Path, root: Path) -> Source:
    """One source, with its own problems found."""
    import jupytext

    text = path.read_text(encoding="utf-8")
    source = Source(path, root)
    starts = [text.count("\n", 0, match.start()) + 2 for match in CELL_START.finditer(text)]
    parsed = jupytext.reads(text, fmt="py:percent").cells
    if len(parsed) != len(starts):
        source.problems.append(
            Problem(
                path, 1, "du texte précède la première cellule « # %% », ou une cellule est vide"
            )
        )
        return source
    for cell, line in zip(parsed, starts, strict=True):
        source.cells.append(_cell(source, cell, line))
    for cell in source.cells:
        source.problems += _cell_problems(path, cell)
    source.problems += _pairing_problems(source)
    return source


def _cell(source: Source, parsed: Any, line: int) -> Cell:
    metadata = dict(parsed.metadata)
    metadata.pop("lines_to_next_cell", None)  # jupytext's note on blank lines
    known = {key: metadata.pop(key, None) for key in ("answer", "check")}
    tags = tuple(metadata.pop("tags", ()))
    if metadata:
        words = ", ".join(f"« {key} »" for key in metadata)
        text = f"clé de cellule inconnue : {words} (admises : answer, check, tags)"
        source.problems.append(Problem(source.path, line - 1, text))
    return Cell(parsed.cell_type, parsed.source, line, **known, tags=tags)


def _cell_problems(path: Path, cell: Cell) -> Iterator[Problem]:
    if cell.answer is None:
        for number, line in enumerate(cell.text.splitlines()):
            if ALMOST_MARKER.search(line):
                text = "marqueur de solution hors d’une cellule de réponse (answer=…)"
                yield Problem(path, cell.line + number, text)
        if cell.check and f'check("{cell.check}"' not in cell.text:
            text = f'la cellule de vérification n’appelle pas check("{cell.check}", …)'
            yield Problem(path, cell.line, text)
        return
    try:
        blocks = split(cell)
        require_runnable(cell, blocks)
    except Misplaced as misplaced:
        yield Problem(path, misplaced.line, str(misplaced))


def _pairing_problems(source: Source) -> Iterator[Problem]:
    answers = {cell.answer: cell for cell in source.cells if cell.answer}
    checks = {cell.check: cell for cell in source.cells if cell.check}
    for id, cell in answers.items():
        if id not in checks:
            yield Problem(source.path, cell.line - 1, f"« {id} » n’a pas de cellule check=…")
        elif checks[id].line < cell.line:
            yield Problem(source.path, cell.line - 1, f"« {id} » est vérifié avant sa réponse")
    for id, cell in checks.items():
        if id not in answers:
            yield Problem(source.path, cell.line - 1, f"« {id} » n’a pas de cellule answer=…")
    for id, cell in {**checks, **answers}.items():
        if unknown := _unknown(id):
            yield Problem(source.path, cell.line - 1, unknown)
    yield from _leaks(source)


def _unknown(id: str) -> str | None:
    if not IDENTIFIER.fullmatch(id):
        return f"« {id} » n’est pas un identifiant d’exercice comme « ch07.confirm »"
    try:
        find(id)
    except UnknownExercise as unknown:
        return str(unknown)
    return None


def _examine_together(found: list[Source]) -> None:
    """Ids and file names are unique in the whole course."""
    seen: dict[str, str] = {}
    for source in found:
        names = [(source.name, 1)]
        names += [(f"answer {c.answer}", c.line - 1) for c in source.cells if c.answer]
        names += [(f"check {c.check}", c.line - 1) for c in source.cells if c.check]
        for name, line in names:
            place = f"{source.path.name}:{line}"
            if name in seen:
                text = f"« {name} » existe déjà en {seen[name]}"
                source.problems.append(Problem(source.path, line, text))
            seen.setdefault(name, place)


def _leaks(source: Source) -> Iterator[Problem]:
    """A solution written again, whole, in another cell of the student edition."""
    for cell in source.cells:
        for block in _blocks_or_none(cell):
            needle = _squeezed(block.lines)
            if block.kind != "solution" or len(needle) < LEAK_LENGTH:
                continue
            for other in source.cells:
                if other is not cell and needle in _squeezed(_student_lines(other)):
                    text = f"la solution de « {cell.answer} » se lit dans cette cellule"
                    yield Problem(source.path, other.line, text)


def _blocks_or_none(cell: Cell) -> list[Block]:
    try:
        return split(cell) if cell.answer else []
    except Misplaced:
        return []


def _student_lines(cell: Cell) -> list[str]:
    try:
        return student_text(cell).splitlines()
    except Misplaced:
        return []


def _squeezed(lines: Iterable[str]) -> str:
    """Lines without indentation, comments and blank lines, to compare code."""
    kept = (line.strip() for line in lines)
    return "\n".join(line for line in kept if line and not line.startswith("#"))
