"""Finds the questions of the course: `BETS` of `course/<key>/bets.py`, named `ch07.survivors`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

from workbook import settings
from workbook.bets.question import Question
from workbook.errors import WorkbookError


class UnknownBet(WorkbookError):
    """No question has this id."""


def find(id: str) -> Question:
    """The question called `id`; `UnknownBet` lists those of its chapter."""
    key, _, name = str(id).partition(".")
    known = of_chapter(key) if key.isidentifier() else {}
    if name not in known:
        raise UnknownBet(_unknown(id, key, known))
    return known[name]


def all_bets() -> dict[str, Question]:
    """Every question of the course by id, in reading order."""
    course = importlib.import_module(settings.course())
    keys = sorted(m.name for m in pkgutil.iter_modules(course.__path__) if m.ispkg)
    return {f"{key}.{name}": q for key in keys for name, q in of_chapter(key).items()}


def of_chapter(key: str) -> Mapping[str, Question]:
    """The questions of folder `key` by name; none where it has no `bets.py`."""
    name = f"{settings.course()}.{key}"
    try:
        return importlib.import_module(f"{name}.bets").BETS
    except ModuleNotFoundError as error:
        if error.name in (name, f"{name}.bets"):
            return {}
        raise


def _unknown(id: object, key: str, known: Mapping[str, Question]) -> str:
    told = f"Aucun pari ne s’appelle « {id} »."
    if not known:
        return told
    names = ", ".join(f"« {key}.{name} »" for name in known)
    return f"{told} Ceux de ce chapitre : {names}."
