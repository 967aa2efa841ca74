"""Two editions of each chapter from one text source.

    source/notebooks/NAME.py  ->  notebooks/NAME.ipynb (student)  and  solutions/NAME.ipynb (solved)
    source/labs/NAME.py       ->  labs/NAME.ipynb      (student)  and  solutions/NAME.ipynb (solved)

How to write a source (jupytext "percent" format)
-------------------------------------------------
A cell starts with `# %%` (code) or `# %% [markdown]`. Three keys may follow, and no other:

    # %% tags=["setup"]            run first by the answers zoo: imports, Shop.start(...)
    # %% answer="ch07.confirm"     the learner's cell
    # %% check="ch07.confirm"      its check, further down in the same notebook

An answer cell holds at least one solution. The student finds a stub in its place:

    # %% answer="ch07.confirm"
    def publish(channel, body):
        \"\"\"Publish `body`; return True only if the broker has it safe.\"\"\"
        ### BEGIN SOLUTION
        channel.confirm_delivery()
        ...
        ### END SOLUTION

becomes `# À vous de jouer` and `raise NotImplementedError` at the same indentation. A solution at
the margin keeps the names it assigns (`price = ...`) and the heads of its functions. Where neither
fits, write the stub yourself, commented, right after the solution:

        ### END SOLUTION
        ### BEGIN STUB
        # limit = ...  # combien de messages d'avance ?
        # channel.basic_qos(prefetch_count=limit)
        ### END STUB

A service is plain Python under its magic, which jupytext wants commented on the line below the
cell's own; the rest of the cell is not commented:

    # %% answer="lab2.crud"
    # %%service products
    from flask import Flask
    ...

Other line magics are commented the same way (`# %time f()`). Cell ids are derived from the exercise
id, or from the cell's text: they do not move when cells are inserted.

The student edition is a pure function of the source. A solved edition is executed again only when
its source, or the module of its exercises, has changed: its metadata keep their digest.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from workbook.editions.cell import solved_text, student_text
from workbook.editions.notebook import as_notebook, student_edition
from workbook.editions.solved import WIDGET, ExecutionFailed, digest, execute, passed
from workbook.editions.source import Problem, Source, read, sources

__all__ = [
    "ExecutionFailed",
    "Problem",
    "Source",
    "build",
    "drift",
    "execute",
    "read",
    "solved_text",
    "sources",
    "student_edition",
    "student_text",
]


def build(
    root: Path,
    names: Iterable[str] = (),
    force: bool = False,
    tell: Callable[[str], None] = print,
) -> bool:
    """Write what is out of date; True when all is well.

    `names` limits it to some sources, `force` executes their solutions again.
    """
    found = sources(root)
    problems = [problem for source in found for problem in source.problems]
    for problem in problems:
        tell(problem.told(root))
    if problems:
        return False
    wanted = set(names)
    chosen = [source for source in found if not wanted or source.name in wanted]
    written = [_write_student(source, tell) for source in chosen]
    executed = [_write_solved(source, force, tell) for source in chosen]
    told = f"{len(chosen)} source(s), {sum(written)} édition(s) à compléter réécrite(s)"
    tell(f"{told}, {executed.count(True)} édition(s) résolue(s) exécutée(s).")
    return None not in executed


def _write_student(source: Source, tell: Callable[[str], None]) -> bool:
    text = student_edition(source)
    if source.student.exists() and source.student.read_text(encoding="utf-8") == text:
        return False
    _replace(source.student, text)
    tell(f"{source.student.relative_to(source.root)} écrit.")
    return True


def _write_solved(source: Source, force: bool, tell: Callable[[str], None]) -> bool | None:
    """True when executed, False when still good, None when it failed."""
    if not force and not _stale(source):
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


def _stale(source: Source) -> bool:
    notebook = _loaded(source.solved)
    if notebook is None or list(_solved_drift(source)):
        return True
    return notebook["metadata"].get("workbook", {}).get("digest") != digest(source)


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def drift(root: Path) -> list[Problem]:
    """All that is wrong in the sources, and where the committed notebooks do not follow them."""
    found = sources(root)
    problems = [problem for source in found for problem in source.problems]
    for source in found:
        if not source.problems:
            problems += [*_student_drift(source), *_solved_drift(source)]
    return problems + list(_strays(root, found))


def _student_drift(source: Source) -> Iterator[Problem]:
    if not source.student.exists():
        yield Problem(source.student, 1, "édition absente : lancez « make build »")
        return
    expected = student_edition(source).splitlines()
    actual = source.student.read_text(encoding="utf-8").splitlines()
    if expected != actual:
        pairs = zip(expected, actual, strict=False)
        line = next(
            (n for n, (a, b) in enumerate(pairs, 1) if a != b), min(map(len, (expected, actual)))
        )
        yield Problem(source.student, line, "diffère de sa source : lancez « make build »")


def _solved_drift(source: Source) -> Iterator[Problem]:
    notebook = _loaded(source.solved)
    if notebook is None:
        yield Problem(source.solved, 1, "édition résolue absente ou illisible : « make build »")
        return
    expected = as_notebook(source, solved_text)["cells"]
    for wanted, cell in zip(expected, notebook["cells"], strict=False):
        if _bare(wanted) != _bare(cell):
            text = f"la cellule « {cell.get('id')} » diffère de sa source : lancez « make build »"
            yield Problem(source.solved, 1, text)
            return
        id = wanted["metadata"].get("workbook", {}).get("check")
        if id and not passed(cell, id):
            yield Problem(source.solved, 1, f"« {id} » n’y est pas réussi")
    if len(expected) != len(notebook["cells"]):
        yield Problem(source.solved, 1, "n’a pas les cellules de sa source : lancez « make build »")
    if "widgets" in notebook["metadata"] or WIDGET in source.solved.read_text(encoding="utf-8"):
        yield Problem(source.solved, 1, "contient un état de widgets")


def _bare(cell: dict[str, Any]) -> tuple[Any, ...]:
    return (cell["cell_type"], cell.get("id"), cell["metadata"], "".join(cell["source"]))


def _strays(root: Path, found: list[Source]) -> Iterator[Problem]:
    """Notebooks whose source has gone."""
    expected = {path for source in found for path in (source.student, source.solved)}
    for folder in ("notebooks", "labs", "solutions"):
        for path in sorted((root / folder).glob("*.ipynb")):
            if path not in expected:
                yield Problem(path, 1, "aucune source ne produit ce notebook")


def _loaded(path: Path) -> dict[str, Any] | None:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return notebook if {"cells", "metadata"} <= notebook.keys() else None
