"""Finds exercises by id, each in the module its prefix names, imported when first asked for.

`WORKBOOK_EXERCISES` names another package to look in, for a course of one's own.
"""

from __future__ import annotations

import importlib
import os
import pkgutil

from workbook.checks.exercise import IDENTIFIER, Exercise
from workbook.errors import WorkbookError

PACKAGE = "workbook.exercises"


class UnknownExercise(WorkbookError):
    """No exercise has this id."""


def find(id: str) -> Exercise:
    """The exercise called `id`; `UnknownExercise` lists the nearest ids."""
    for exercise in _in_module(id):
        if exercise.id == id:
            return exercise
    raise UnknownExercise(_unknown(id))


def all_exercises() -> list[Exercise]:
    """Every exercise of the course, chapter by chapter, each in the order it is written."""
    package = importlib.import_module(_package())
    modules = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return [exercise for name in modules for exercise in _defined_in(name)]


def _package() -> str:
    return os.environ.get("WORKBOOK_EXERCISES", PACKAGE)


def _in_module(id: str) -> list[Exercise]:
    match = IDENTIFIER.fullmatch(id)
    return _defined_in(match["module"]) if match else []


def _defined_in(name: str) -> list[Exercise]:
    module_name = f"{_package()}.{name}"
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and module_name.startswith(error.name):
            return []
        raise
    found = [value for value in vars(module).values() if isinstance(value, Exercise)]
    return [exercise for exercise in found if exercise.id.startswith(f"{name}.")]


def _unknown(id: str) -> str:
    known = [f"« {exercise.id} »" for exercise in _in_module(id)]
    if not known:
        return f"Aucun exercice ne s’appelle « {id} »."
    return f"Aucun exercice ne s’appelle « {id} ». Ceux de ce chapitre : {', '.join(known)}."
