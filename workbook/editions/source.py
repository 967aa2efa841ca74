"""Reads a source and finds what its author must correct."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook.checks.exercise import IDENTIFIER
from workbook.checks.registry import UnknownExercise, chapters, find
from workbook.diagrams import FENCE, diagrams_of, unaccounted
from workbook.editions.betting import bet_mistakes
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
class Mistake:
    """Something an author must correct, at a line of a file."""

    path: Path
    line: int
    text: str

    def located(self, root: Path) -> str:
        """`course/ch07/07_messages.py:12 : …`, clickable in most terminals."""
        shown = self.path.relative_to(root) if self.path.is_relative_to(root) else self.path
        return f"{shown}:{self.line} : {self.text}"


@dataclass
class Source:
    """One chapter or lab: its cells, and what is wrong with them.

    `addresses` gives the student edition of every chapter of the course, by key, in reading order.
    """

    path: Path
    root: Path
    addresses: dict[str, str] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def name(self) -> str:
        """`07_messages_asynchrones`."""
        return self.path.stem

    @property
    def key(self) -> str:
        """The folder it stands in: `ch07`, `lab2`."""
        return self.path.parent.name

    @property
    def next(self) -> str:
        """The key of the chapter that follows in reading order; the first one after the last."""
        keys = list(self.addresses)
        return keys[(keys.index(self.key) + 1) % len(keys)]

    @property
    def student(self) -> Path:
        """Where the student edition goes: `notebooks/` for a chapter, `labs/` for a lab."""
        return self.root / _address(self.path)

    @property
    def solved(self) -> Path:
        """Where the solved edition goes."""
        return self.root / "solutions" / f"{self.name}.ipynb"

    @property
    def exercises(self) -> list[str]:
        """Ids of the exercises, in reading order."""
        return [cell.answer for cell in self.cells if cell.answer]


def sources(root: Path) -> list[Source]:
    """Every chapter and lab under `root`, read and examined, in reading order."""
    paths = [path for folder in sorted((root / "course").iterdir()) for path in _texts(folder)]
    addresses = {path.parent.name: _address(path) for path in paths}
    found = [read(path, root, addresses) for path in paths]
    _examine_together(found)
    return found


def _texts(folder: Path) -> list[Path]:
    """`ch07/07_*.py`, `lab2/lab2_*.py`: the texts of a folder, one in a well-kept course."""
    return sorted(folder.glob(f"{folder.name.removeprefix('ch')}_*.py"))


def _address(path: Path) -> str:
    kind = "labs" if path.parent.name.startswith("lab") else "notebooks"
    return f"{kind}/{path.stem}.ipynb"


def read(path: Path, root: Path, addresses: dict[str, str] | None = None) -> Source:
    """One source, with its own mistakes found."""
    import jupytext

    text = path.read_text(encoding="utf-8")
    source = Source(path, root, addresses or {path.parent.name: _address(path)})
    starts = [text.count("\n", 0, match.start()) + 2 for match in CELL_START.finditer(text)]
    parsed = jupytext.reads(text, fmt="py:percent").cells
    if len(parsed) != len(starts):
        source.mistakes.append(
            Mistake(
                path, 1, "du texte précède la première cellule « # %% », ou une cellule est vide"
            )
        )
        return source
    for cell, line in zip(parsed, starts, strict=True):
        source.cells.append(_cell(source, cell, line))
    for cell in source.cells:
        source.mistakes += _cell_mistakes(path, cell)
    source.mistakes += [*_pairing_mistakes(source), *_link_mistakes(source)]
    source.mistakes += [*_bet_mistakes(source), *_diagram_mistakes(source)]
    return source


def _cell(source: Source, parsed: Any, line: int) -> Cell:
    metadata = dict(parsed.metadata)
    metadata.pop("lines_to_next_cell", None)  # jupytext's note on blank lines
    known = {key: metadata.pop(key, None) for key in ("answer", "check")}
    tags = tuple(metadata.pop("tags", ()))
    if metadata:
        words = ", ".join(f"« {key} »" for key in metadata)
        text = f"clé de cellule inconnue : {words} (admises : answer, check, tags)"
        source.mistakes.append(Mistake(source.path, line - 1, text))
    return Cell(parsed.cell_type, parsed.source, line, **known, tags=tags)


def _link_mistakes(source: Source) -> Iterator[Mistake]:
    for cell in source.cells:
        for number, line in enumerate(cell.text.splitlines()):
            for key in set(re.findall(r"\]\(course:(\w+)\)", line)) - {"next", *source.addresses}:
                text = f"lien vers « {key} », qui n’est pas un chapitre du cours"
                yield Mistake(source.path, cell.line + number, text)


def _bet_mistakes(source: Source) -> Iterator[Mistake]:
    for line, text in bet_mistakes(source.key, source.cells):
        path = source.path if line else source.path.with_name("bets.py")
        yield Mistake(path, line or 1, text)


def _diagram_mistakes(source: Source) -> Iterator[Mistake]:
    drawn = [text for cell in source.cells for text in FENCE.findall(cell.text + "\n")]
    listed = diagrams_of(source.key) if source.key in chapters() else ()
    for text in unaccounted(drawn, listed):
        yield Mistake(source.path.with_name("diagrams.py"), 1, text)


def _cell_mistakes(path: Path, cell: Cell) -> Iterator[Mistake]:
    if cell.answer is None:
        for number, line in enumerate(cell.text.splitlines()):
            if ALMOST_MARKER.search(line):
                text = "marqueur de solution hors d’une cellule de réponse (answer=…)"
                yield Mistake(path, cell.line + number, text)
        if cell.check and f'check("{cell.check}"' not in cell.text:
            text = f'la cellule de vérification n’appelle pas check("{cell.check}", …)'
            yield Mistake(path, cell.line, text)
        return
    try:
        blocks = split(cell)
        require_runnable(cell, blocks)
    except Misplaced as misplaced:
        yield Mistake(path, misplaced.line, str(misplaced))


def _pairing_mistakes(source: Source) -> Iterator[Mistake]:
    answers = {cell.answer: cell for cell in source.cells if cell.answer}
    checks = {cell.check: cell for cell in source.cells if cell.check}
    for id, cell in answers.items():
        if id not in checks:
            yield Mistake(source.path, cell.line - 1, f"« {id} » n’a pas de cellule check=…")
        elif checks[id].line < cell.line:
            yield Mistake(source.path, cell.line - 1, f"« {id} » est vérifié avant sa réponse")
    for id, cell in checks.items():
        if id not in answers:
            yield Mistake(source.path, cell.line - 1, f"« {id} » n’a pas de cellule answer=…")
    for id, cell in {**checks, **answers}.items():
        if unknown := _unknown(id, source.key):
            yield Mistake(source.path, cell.line - 1, unknown)
    yield from _leaks(source)
    yield from _front_matter_mistakes(source)


def _front_matter_mistakes(source: Source) -> Iterator[Mistake]:
    """An exercise without a cell would stay « à faire » for ever; the table is in reading order."""
    front_matter = source.path.with_name("__init__.py")
    chapter = chapters().get(source.key)
    if chapter is None:
        yield Mistake(front_matter, 1, "ce dossier n’a pas de CHAPTER")
        return
    announced = [f"{source.key}.{name}" for name in chapter.exercises]
    if announced != source.exercises:
        text = (
            f"annonce les exercices {', '.join(announced) or 'aucun'} ; "
            f"le texte a {', '.join(source.exercises) or 'aucun'}, dans cet ordre"
        )
        yield Mistake(front_matter, 1, text)


def _unknown(id: str, key: str) -> str | None:
    match = IDENTIFIER.fullmatch(id)
    if not match:
        return f"« {id} » n’est pas un identifiant d’exercice comme « ch07.publish »"
    if match["chapter"] != key:
        return f"« {id} » n’appartient pas au dossier « {key} »"
    try:
        find(id)
    except UnknownExercise as unknown:
        return str(unknown)
    return None


def _examine_together(found: list[Source]) -> None:
    """Ids and file names are unique in the whole course."""
    seen: dict[str, str] = {}
    for source in found:
        names = [(source.key, 1)]
        names += [(f"answer {c.answer}", c.line - 1) for c in source.cells if c.answer]
        names += [(f"check {c.check}", c.line - 1) for c in source.cells if c.check]
        for name, line in names:
            place = f"{source.path.name}:{line}"
            if name in seen:
                text = f"« {name} » existe déjà en {seen[name]}"
                source.mistakes.append(Mistake(source.path, line, text))
            seen.setdefault(name, place)


def _leaks(source: Source) -> Iterator[Mistake]:
    """A solution written again, whole, in another cell of the student edition."""
    for cell in source.cells:
        for block in _blocks_or_none(cell):
            needle = squeezed(block.lines)
            if block.kind != "solution" or len(needle) < LEAK_LENGTH:
                continue
            for other in source.cells:
                if other is not cell and needle in squeezed(_student_lines(other)):
                    text = f"la solution de « {cell.answer} » se lit dans cette cellule"
                    yield Mistake(source.path, other.line, text)


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


def squeezed(lines: Iterable[str]) -> str:
    """Lines without indentation, comments and blank lines, to compare code."""
    kept = (line.strip() for line in lines)
    return "\n".join(line for line in kept if line and not line.startswith("#"))
