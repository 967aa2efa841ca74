"""Writes the editions that are out of date, and tells where the committed ones have drifted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from workbook.editions.cell import solved_text
from workbook.editions.glossary import PLACE, glossary
from workbook.editions.notebook import as_notebook, student_edition, written
from workbook.editions.programme import HEADS, programme
from workbook.editions.solved import WIDGET, ExecutionFailed, digest, execute, passed
from workbook.editions.source import Mistake, Source, sources
from workbook.errors import WorkbookError


class UnknownSource(WorkbookError):
    """No chapter or lab has this name."""


def build(
    root: Path,
    names: Iterable[str] = (),
    force: bool = False,
    tell: Callable[[str], None] = print,
) -> bool:
    """Write what is out of date; True when all is well.

    `names`, by key (`ch06`) or by file, limits it to some sources; `force` executes their solutions
    again. Raises `UnknownSource` for a name that is neither.
    """
    found = sources(root)
    mistakes = [mistake for source in found for mistake in source.mistakes]
    for mistake in mistakes:
        tell(mistake.located(root))
    if mistakes:
        return False
    chosen = _chosen(found, set(names))
    written = [_write_student(source, tell) for source in chosen]
    executed = [_write_solved(source, force, tell) for source in chosen]
    for path, text in _pages(root, found):
        _replace(path, text)
        tell(f"{path.relative_to(root)} : réécrit.")
    told = f"{len(chosen)} source(s), {sum(written)} édition(s) à compléter réécrite(s)"
    tell(f"{told}, {executed.count(True)} édition(s) résolue(s) exécutée(s).")
    return None not in executed


def _chosen(found: list[Source], names: set[str]) -> list[Source]:
    if unknown := names - {name for source in found for name in (source.key, source.name)}:
        known = ", ".join(f"{source.key} ({source.name})" for source in found)
        raise UnknownSource(
            f"Aucun chapitre ne s’appelle «\u00a0{min(unknown)}\u00a0». Il y a\u00a0: {known}."
        )
    return [source for source in found if not names or {source.key, source.name} & names]


def _pages(root: Path, found: list[Source]) -> Iterator[tuple[Path, str]]:
    """What is told of the whole course and is out of date, with its new text.

    The programme in the READMEs, the glossary.
    """
    addresses = found[0].addresses if found else {}
    readmes = [root / name for name in HEADS if (root / name).exists()]
    wanted = {readme: programme(readme, addresses) for readme in readmes}
    if found:
        wanted[root / PLACE] = glossary(found)
    for path, text in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield path, text


def _write_student(source: Source, tell: Callable[[str], None]) -> bool:
    text = student_edition(source)
    if source.student.exists() and source.student.read_text(encoding="utf-8") == text:
        return False
    _replace(source.student, text)
    tell(f"{source.student.relative_to(source.root)} écrit.")
    return True


def _write_solved(source: Source, force: bool, tell: Callable[[str], None]) -> bool | None:
    """True when executed, False when still good, None when it failed."""
    if not force and (_words_followed(source) or not _stale(source)):
        return False
    shown = source.solved.relative_to(source.root)
    tell(f"{shown} : exécution…")
    start = time.monotonic()
    try:
        text = execute(source)
    except ExecutionFailed as failed:
        tell(f"{shown} : échec.\n{failed}")
        return None
    _replace(source.solved, text)
    tell(f"{shown} : exécuté en {time.monotonic() - start:.0f} s.")
    return True


def _words_followed(source: Source) -> bool:
    """Whether only links and contents had changed, by other chapters: then they are written in."""
    notebook = _loaded(source.solved)
    expected = as_notebook(source, solved_text)["cells"]
    if notebook is None or notebook["metadata"].get("workbook", {}).get("digest") != digest(source):
        return False
    cells = notebook["cells"]
    if [cell.get("id") for cell in cells] != [cell["id"] for cell in expected]:
        return False
    late = [
        (cell, wanted)
        for cell, wanted in zip(cells, expected, strict=True)
        if _bare(cell) != _bare(wanted)
    ]
    if not late or any(wanted["cell_type"] == "code" for _, wanted in late):
        return False
    for cell, wanted in late:
        cell["source"] = wanted["source"]
    _replace(source.solved, written(notebook))
    return True


def _stale(source: Source) -> bool:
    return any(True for _ in _solved_drift(source))


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def drift(root: Path) -> list[Mistake]:
    """All that is wrong in the sources, and where the committed notebooks do not follow them."""
    found = sources(root)
    mistakes = [mistake for source in found for mistake in source.mistakes]
    for source in found:
        if not source.mistakes:
            mistakes += [*_student_drift(source), *_solved_drift(source)]
    late = [
        Mistake(path, 1, "en retard sur le cours : lancez « make build »")
        for path, _ in _pages(root, found)
    ]
    return mistakes + late + list(_strays(root, found))


def _student_drift(source: Source) -> Iterator[Mistake]:
    if not source.student.exists():
        yield Mistake(source.student, 1, "édition absente : lancez « make build »")
        return
    expected = student_edition(source).splitlines()
    actual = source.student.read_text(encoding="utf-8").splitlines()
    if expected != actual:
        pairs = zip(expected, actual, strict=False)
        line = next(
            (n for n, (a, b) in enumerate(pairs, 1) if a != b), min(map(len, (expected, actual)))
        )
        yield Mistake(source.student, line, "diffère de sa source : lancez « make build »")


def _solved_drift(source: Source) -> Iterator[Mistake]:
    notebook = _loaded(source.solved)
    if notebook is None:
        yield Mistake(source.solved, 1, "édition résolue absente ou illisible : « make build »")
        return
    expected = as_notebook(source, solved_text)["cells"]
    for wanted, cell in zip(expected, notebook["cells"], strict=False):
        if _bare(wanted) != _bare(cell):
            text = f"la cellule « {cell.get('id')} » diffère de sa source : lancez « make build »"
            yield Mistake(source.solved, 1, text)
            return
        id = wanted["metadata"].get("workbook", {}).get("check")
        if id and not passed(cell, id):
            yield Mistake(source.solved, 1, f"« {id} » n’y est pas réussi")
    if len(expected) != len(notebook["cells"]):
        yield Mistake(source.solved, 1, "n’a pas les cellules de sa source : lancez « make build »")
    if notebook["metadata"].get("workbook", {}).get("digest") != digest(source):
        yield Mistake(
            source.solved, 1, "son dossier a changé depuis son exécution : « make build »"
        )
    if "widgets" in notebook["metadata"] or WIDGET in source.solved.read_text(encoding="utf-8"):
        yield Mistake(source.solved, 1, "contient un état de widgets")


def _bare(cell: dict[str, Any]) -> tuple[Any, ...]:
    return (cell["cell_type"], cell.get("id"), cell["metadata"], "".join(cell["source"]))


def _strays(root: Path, found: list[Source]) -> Iterator[Mistake]:
    """Notebooks whose source has gone."""
    expected = {path for source in found for path in (source.student, source.solved)}
    for folder in ("notebooks", "labs", "solutions"):
        for path in sorted((root / folder).glob("*.ipynb")):
            if path not in expected:
                yield Mistake(path, 1, "aucune source ne produit ce notebook")


def _loaded(path: Path) -> dict[str, Any] | None:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return notebook if {"cells", "metadata"} <= notebook.keys() else None
