"""Takes from a learner's notebook the sources of the answer cells, and says how it found them.

A cell is known by the exercise in its metadata, else by its id, else, where an editor has lost
both, by the names it defines. Everything else in the notebook is left where it is.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbook.grading.pristine import Pristine, Slot, names_of
from workbook.views.canvas.words import NBSP, plural

LONGEST_ANSWER = 200_000  # characters
MISSING = "cellule de réponse absente"
RETYPED = "la cellule de réponse n’est plus une cellule de code"
SPLIT = "réponse coupée en {parts} cellules, recollées dans l’ordre"
TWICE = "réponse donnée en {parts} cellules, la dernière compte"
NO_MARKS = "cellule sans ses marques, reconnue aux noms qu’elle définit"
BY_ID = "cellule sans ses métadonnées, reconnue à son identifiant"
TOO_LONG = "réponse trop longue, non prise"


class Unreadable(ValueError):
    """What was handed in is not a notebook; the message is French and says why."""


@dataclass(frozen=True)
class Taken:
    """What was taken for one exercise: its source, None if there was none; what to say of it."""

    exercise: str
    source: str | None
    untouched: bool = False
    remarks: tuple[str, ...] = ()


@dataclass
class Picked:
    """All that was taken from one notebook, `path` in what was handed in."""

    key: str
    path: str = ""
    answers: dict[str, Taken] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    @property
    def sources(self) -> dict[str, str]:
        """The answers that are there, by exercise."""
        return {id: t.source for id, t in self.answers.items() if t.source is not None}


@dataclass(frozen=True)
class _Found:
    """A learner's cell: its place, kind, text, and marks."""

    place: int
    kind: str
    text: str
    id: str
    answer: str
    check: str


def read(content: bytes) -> list[_Found]:
    """The cells of a notebook of any format since 3; raises `Unreadable`."""
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable("ce n’est pas du JSON") from error
    if not isinstance(notebook, dict):
        raise Unreadable("ce n’est pas un carnet")
    sheets = notebook.get("worksheets")  # nbformat 3
    holders = sheets if isinstance(sheets, list) else [notebook]
    cells = [cell for holder in holders if isinstance(holder, dict) for cell in _cells(holder)]
    if not cells and not isinstance(notebook.get("cells"), list):
        raise Unreadable("ce carnet n’a pas de cellules")
    return [_found(place, cell) for place, cell in enumerate(cells)]


def _cells(holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    cells = holder.get("cells")
    yield from (cell for cell in (cells if isinstance(cells, list) else ()) if _is_cell(cell))


def _is_cell(cell: Any) -> bool:
    return isinstance(cell, dict)


def _found(place: int, cell: dict[str, Any]) -> _Found:
    metadata = cell.get("metadata")
    marks = metadata.get("workbook") if isinstance(metadata, dict) else None
    marks = marks if isinstance(marks, dict) else {}
    return _Found(
        place,
        _text(cell.get("cell_type")),
        _text(cell.get("source", cell.get("input"))),
        _text(cell.get("id")),
        _text(marks.get("answer")),
        _text(marks.get("check")),
    )


def _text(value: Any) -> str:
    """A text, or a list of lines; what cannot be written in UTF-8 is replaced."""
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def chapter_of(cells: Sequence[_Found], chapters: Sequence[Pristine]) -> str | None:
    """The key of the chapter that these cells are of, None if they are of none."""
    scores = {chapter.key: _likeness(cells, chapter) for chapter in chapters}
    best = max(scores, key=scores.get, default=None)
    return best if best is not None and scores[best] else None


def _likeness(cells: Sequence[_Found], chapter: Pristine) -> int:
    own = {slot.exercise for slot in chapter.slots}
    ids = {cell["id"] for cell in chapter.notebook["cells"]}
    marked = sum(cell.answer in own or cell.check in own for cell in cells)
    named = sum(bool(s.names) and s.names <= names_of(c.text) for c in cells for s in chapter.slots)
    asked = sum(f'check("{id}"' in cell.text for cell in cells for id in own)
    return 3 * marked + sum(cell.id in ids for cell in cells) + named + 2 * asked


def pick(cells: Sequence[_Found], chapter: Pristine) -> Picked:
    """The answers of `chapter` among `cells`."""
    picked = Picked(chapter.key)
    used: dict[str, list[_Found]] = {}
    for slot in chapter.slots:
        used[slot.exercise] = found = _of_slot(cells, slot, chapter)
        picked.answers[slot.exercise] = _taken(slot, found)
    picked.remarks += _remarks(cells, chapter, used)
    return picked


def _of_slot(cells: Sequence[_Found], slot: Slot, chapter: Pristine) -> list[_Found]:
    if marked := [cell for cell in cells if cell.answer == slot.exercise]:
        return marked
    if known := [cell for cell in cells if cell.id == slot.cell and not cell.answer]:
        return known
    others = {other.exercise for other in chapter.slots}
    free = [c for c in cells if c.kind == "code" and c.answer not in others and not c.check]
    return [c for c in free if slot.names and slot.names <= names_of(c.text)][-1:]


def _taken(slot: Slot, found: list[_Found]) -> Taken:
    code = [cell for cell in found if cell.kind == "code"]
    if not code:
        return Taken(slot.exercise, None, remarks=(RETYPED if found else MISSING,))
    remarks = []
    if not code[0].answer:
        remarks.append(BY_ID if code[0].id == slot.cell else NO_MARKS)
    source = code[0].text
    if len(code) > 1:
        twice = _all_whole(slot, code)
        remarks.append((TWICE if twice else SPLIT).format(parts=len(code)))
        source = code[-1].text if twice else "\n".join(cell.text for cell in code)
    if len(source) > LONGEST_ANSWER:
        return Taken(slot.exercise, None, remarks=(*remarks, TOO_LONG))
    return Taken(slot.exercise, source, _same(source, slot.stub), tuple(remarks))


def _all_whole(slot: Slot, cells: Sequence[_Found]) -> bool:
    """Whether each is an answer by itself, a copy of the cell rather than a part of it."""
    return all(slot.names and slot.names <= names_of(c.text) and _parses(c.text) for c in cells)


def _parses(text: str) -> bool:
    code = "\n".join("" if line.startswith(("%", "!")) else line for line in text.splitlines())
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _same(one: str, other: str) -> bool:
    def squeezed(text: str) -> list[str]:
        return [line.rstrip() for line in text.strip().splitlines()]

    return squeezed(one) == squeezed(other)


def _remarks(
    cells: Sequence[_Found], chapter: Pristine, used: dict[str, list[_Found]]
) -> Iterator[str]:
    order = [found[0].place for found in used.values() if found]
    if order != sorted(order):
        yield "les réponses ne sont plus dans l’ordre du carnet"
    ids = {slot.check: slot.exercise for slot in chapter.slots}
    texts = {cell["id"]: "".join(cell["source"]) for cell in chapter.notebook["cells"]}
    kept = {cell.id: cell for cell in cells}
    changed = [id for id in ids if id in kept and not _same(kept[id].text, texts[id])]
    gone = [id for id in ids if id not in kept and not any(c.check == ids[id] for c in cells)]
    if changed:
        names = ", ".join(ids[id] for id in changed)
        yield f"cellule de vérification modifiée, sans effet{NBSP}: {names}"
    if gone:
        names = ", ".join(ids[id] for id in gone)
        yield f"cellule de vérification absente, sans effet{NBSP}: {names}"
    placed = {cell.place for found in used.values() for cell in found}
    added = [c for c in cells if c.kind == "code" and c.place not in placed and c.id not in texts]
    if added and any(cell.id for cell in cells):
        yield f"{plural(len(added), 'cellule ajoutée', 'cellules ajoutées')}, hors de la note"
