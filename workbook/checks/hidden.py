"""Steps that an exercise has only when it is graded, from a folder of the teacher's own.

    cachees/ch07/publish.py        from course.ch07.publish import exercise, …
                                   @exercise.step("…", points=1)
                                   def survives(harness, publish): …

`WORKBOOK_HIDDEN` names the folder. Nothing of it is in the course: learners do not have it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path

from workbook import settings
from workbook.checks.exercise import Exercise
from workbook.errors import WorkbookError


class BadHidden(WorkbookError):
    """A file of hidden steps is of no exercise, or adds nothing to it."""


def add(exercise: Exercise) -> None:
    """Add to `exercise` its hidden steps, if it has any, once; raises `BadHidden`."""
    folder = settings.hidden_checks()
    if folder is None or exercise.shown is not None:
        return
    path = _file(folder, exercise.id)
    if not path.is_file():
        return
    exercise.shown = len(exercise.steps)
    name = f"hidden_{exercise.id.replace('.', '_')}"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)  # type: ignore[union-attr]
    except Exception as error:  # whatever a teacher's file raises, it is its fault
        raise BadHidden(f"{path}\u00a0: {type(error).__name__}, {error}") from error
    if len(exercise.steps) == exercise.shown:
        raise BadHidden(
            f"{path}\u00a0: ce fichier n’ajoute aucune étape. Écrivez « from course.{exercise.id} "
            "import exercise », puis @exercise.step(…)."
        )


def require_known(folder: Path, exercises: Iterable[str]) -> None:
    """Raise `BadHidden` where a file is of no exercise, or the folder is not there."""
    if not folder.is_dir():
        raise BadHidden(f"« {folder} » n’est pas un dossier.")
    known = {_file(folder, id) for id in exercises}
    found = [path for path in sorted(folder.rglob("*.py")) if "__pycache__" not in path.parts]
    if unknown := [path for path in found if path not in known]:
        place = unknown[0].relative_to(folder)
        raise BadHidden(
            f"{place}\u00a0: le cours n’a pas d’exercice de ce nom\u202f; un fichier s’appelle "
            "ch07/publish.py, pour ch07.publish."
        )
    if not found:
        raise BadHidden(f"« {folder} » ne contient aucun fichier comme ch07/publish.py.")


def digest(exercises: Iterable[str]) -> str:
    """Changes with the hidden steps of any of these exercises; empty where there are none."""
    folder = settings.hidden_checks()
    paths = [_file(folder, id) for id in exercises] if folder else []
    content = b"".join(path.read_bytes() for path in paths if path.is_file())
    return hashlib.sha256(content).hexdigest()[:16] if content else ""


def _file(folder: Path, id: str) -> Path:
    chapter, _, name = id.partition(".")
    return folder / chapter / f"{name}.py"
