"""Finds the chapters of the course and their exercises, imported when first asked for.

    course/ch07/__init__.py    CHAPTER, whose `exercises` names publish
    course/ch07/publish.py     exercise = Exercise("ch07.publish", …)

The engine is told where its course is: the package `course`, or the one `WORKBOOK_COURSE` names.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from workbook import settings
from workbook.checks import hidden
from workbook.checks.chapter import Chapter, LearningPath
from workbook.checks.exercise import IDENTIFIER, Exercise
from workbook.errors import WorkbookError


class UnknownExercise(WorkbookError):
    """No exercise has this id."""


def find(id: str) -> Exercise:
    """The exercise called `id`; `UnknownExercise` lists those of its chapter."""
    match = IDENTIFIER.fullmatch(id)
    chapter = _chapter(match["chapter"]) if match else None
    if chapter is None or match["name"] not in chapter.exercises:
        raise UnknownExercise(_unknown(id, match["chapter"] if match else "", chapter))
    return _exercise(match["chapter"], match["name"])


def chapters() -> dict[str, Chapter]:
    """The chapters, then the labs, by key (`ch07`), in reading order."""
    keys = sorted(m.name for m in pkgutil.iter_modules(_course().__path__) if m.ispkg)
    return {key: chapter for key in keys if (chapter := _chapter(key)) is not None}


def planned() -> dict[str, Chapter]:
    """The chapters that the course announces and does not have yet, by key."""
    return getattr(_course(), "PLANNED", {})


def paths() -> tuple[LearningPath, ...]:
    """The ways through the course that it offers to a class."""
    return getattr(_course(), "PATHS", ())


def all_exercises() -> list[Exercise]:
    """Every exercise of the course, in reading order."""
    return [
        _exercise(key, name) for key, chapter in chapters().items() for name in chapter.exercises
    ]


def _course() -> ModuleType:
    return importlib.import_module(settings.course())


def _chapter(key: str) -> Chapter | None:
    """The front matter of folder `key`; None where there is no such folder."""
    name = f"{_course().__name__}.{key}"
    try:
        return importlib.import_module(name).CHAPTER
    except ModuleNotFoundError as error:
        if error.name == name:
            return None
        raise


def _exercise(key: str, name: str) -> Exercise:
    exercise = importlib.import_module(f"{_course().__name__}.{key}.{name}").exercise
    if exercise.id != f"{key}.{name}":
        raise ValueError(f"course/{key}/{name}.py holds {exercise.id!r}, not '{key}.{name}'")
    hidden.add(exercise)
    return exercise


def _unknown(id: str, key: str, chapter: Chapter | None) -> str:
    if chapter is None or not chapter.exercises:
        return f"Aucun exercice ne s’appelle « {id} »."
    known = ", ".join(f"« {key}.{name} »" for name in chapter.exercises)
    return f"Aucun exercice ne s’appelle « {id} ». Ceux de ce chapitre : {known}."
