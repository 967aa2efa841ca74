"""The course's own notebooks, made afresh from its text: what learners' answers are put into."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.checks import hidden
from workbook.checks.exercise import Exercise
from workbook.checks.registry import find
from workbook.editions import Source, sources, student_edition
from workbook.editions.solved import digest
from workbook.grading import imports
from workbook.settings import course

DEFINES = re.compile(
    r"^(?:(?:async )?def|class) +(\w+)|^(\w+) *(?::[^=\n]+)?=(?!=)|^%%service +(\S+)", re.MULTILINE
)


@dataclass(frozen=True)
class Slot:
    """An answer cell of a pristine notebook: where it is, and the stub in it."""

    exercise: str
    cell: str
    stub: str
    check: str

    @property
    def names(self) -> set[str]:
        """What it defines: functions, classes, values or a service."""
        return names_of(self.stub)


@dataclass(frozen=True)
class Pristine:
    """A chapter's notebook as the course has it, and its slots in reading order."""

    key: str
    name: str
    notebook: dict[str, Any]
    slots: tuple[Slot, ...]
    hidden: tuple[Path, ...]
    digest: str

    @property
    def exercises(self) -> list[Exercise]:
        """The exercises themselves."""
        return [find(slot.exercise) for slot in self.slots]

    @property
    def folder(self) -> Path:
        """The chapter's own: `course/ch07`."""
        return self.hidden[0].parent

    def answers(self, exercise: str) -> Path:
        """Where the known answers to `exercise` are: `course/ch07/answers/publish`."""
        return self.folder / "answers" / exercise.partition(".")[2]

    @property
    def modules(self) -> list[str]:
        """The modules of the chapter that judge."""
        return [f"{course()}.{slot.exercise}" for slot in self.slots]

    def with_answers(self, answers: dict[str, str]) -> dict[str, Any]:
        """The notebook, with those answers instead of stubs."""
        sources = {slot.cell: answers.get(slot.exercise, slot.stub) for slot in self.slots}
        cells = [
            {**cell, "source": sources.get(cell["id"], cell["source"])}
            for cell in self.notebook["cells"]
        ]
        return {**self.notebook, "cells": cells}


def names_of(text: str) -> set[str]:
    """The names that a cell defines at its margin."""
    return {next(filter(None, match.groups())) for match in DEFINES.finditer(text)}


def pristine(root: Path, keys: Iterable[str] = ()) -> list[Pristine]:
    """The notebooks of the course under `root` that have exercises; of `keys` alone, if any."""
    imports.spare()
    wanted = set(keys)
    found = sources(root)
    return [_pristine(s) for s in found if s.exercises and (not wanted or s.key in wanted)]


def _pristine(source: Source) -> Pristine:
    text = student_edition(source)
    notebook = json.loads(text)
    cells = {
        (kind, name): cell
        for cell in notebook["cells"]
        for kind, name in cell["metadata"].get("workbook", {}).items()
    }
    slots = tuple(
        Slot(id, cell["id"], "".join(cell["source"]), cells["check", id]["id"])
        for id in source.exercises
        if (cell := cells["answer", id])
    )
    folder = source.path.parent
    judged_by = digest(source) + hidden.digest(source.exercises)
    known = hashlib.sha256(text.encode() + judged_by.encode()).hexdigest()[:16]
    return Pristine(
        source.key, source.name, notebook, slots, (source.path, folder / "answers"), known
    )
