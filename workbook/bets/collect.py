"""Collects the bets of a class: from logbooks and saved notebooks, a learner a folder or file.

    class/alice/.workbook/progress.jsonl     alice, whatever stands under the folder
    class/alice/07_messages.ipynb            the same alice: what both hold is counted once
    class/bruno.jsonl                        bruno

What cannot be read is told and passed over: these files come from other people.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from workbook import logbook
from workbook.bets.book import RECORD, Bet, folded
from workbook.bets.registry import all_bets
from workbook.errors import WorkbookError
from workbook.views.canvas.words import NBSP, plural

LOGBOOK, NOTEBOOK = ".jsonl", ".ipynb"
CHECKPOINTS = ".ipynb_checkpoints"
LARGEST = 200_000_000  # bytes; a notebook full of pictures is a few millions


class NoFolder(WorkbookError):
    """What was to be collected from is not a folder."""


@dataclass
class Classroom:
    """The bets of each learner by question, and what was passed over, in French."""

    bets: dict[str, dict[str, Bet]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def on(self, id: str) -> list[Bet]:
        """What the class bet on question `id`, in the order of the learners' names."""
        return [bets[id] for bets in self.bets.values() if id in bets and bets[id].made]


def collect(folder: Path) -> Classroom:
    """The bets under `folder`; raises `NoFolder`."""
    if not folder.is_dir():
        raise NoFolder(f"« {folder} » n’est pas un dossier : donnez celui des travaux rendus.")
    learners = {
        name: {str(path.relative_to(folder)): partial(_content, path) for path in paths}
        for name, paths in sorted(_learners(folder).items())
    }
    return _gathered(learners)


def of_files(learners: Mapping[str, Mapping[str, bytes]]) -> Classroom:
    """The bets in the files of each learner, by their paths, that somebody has read already."""
    return _gathered(
        {
            name: {path: partial(bytes, files[path]) for path in _ranked(files)}
            for name, files in learners.items()
        }
    )


def _gathered(learners: Mapping[str, Mapping[str, Callable[[], bytes]]]) -> Classroom:
    found, questions = Classroom(), all_bets()
    owners: dict[str, str] = {}
    for name, files in learners.items():
        entries = [e for path, read in files.items() for e in _entries(path, read, found.remarks)]
        mark = _fingerprint(entries)
        if mark in owners:
            twin = owners[mark]
            found.remarks.append(f"{name}{NBSP}: les mêmes paris, aux mêmes secondes, que {twin}.")
            continue
        if mark:
            owners[mark] = name
        bets = folded(entries, questions)
        if bets:
            found.bets[name] = bets
        else:
            found.remarks.append(f"{name}{NBSP}: aucun pari trouvé.")
    return found


def _content(path: Path) -> bytes:
    if path.stat().st_size > LARGEST:
        raise ValueError("trop grand")
    return path.read_bytes()


def _learners(folder: Path) -> dict[str, list[Path]]:
    """The files of each learner, logbooks first: they say more than a notebook."""
    learners: dict[str, list[Path]] = {}
    for place in sorted(folder.iterdir()):
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if _is_theirs(path):
                name = place.name if place.is_dir() else place.stem
                learners.setdefault(name, []).append(path)
    return {name: sorted(paths, key=_rank) for name, paths in learners.items()}


def _is_theirs(path: Path) -> bool:
    return _may_tell(path) and path.is_file()


def _may_tell(path: PurePath) -> bool:
    return path.suffix.lower() in (LOGBOOK, NOTEBOOK) and CHECKPOINTS not in path.parts


def _rank(path: PurePath) -> tuple[bool, str]:
    return path.suffix.lower() != LOGBOOK, str(path)


def _ranked(paths: Iterable[str]) -> list[str]:
    found = {path: PurePath(path) for path in paths}
    return sorted(filter(lambda p: _may_tell(found[p]), paths), key=lambda p: _rank(found[p]))


def _fingerprint(entries: list[dict[str, Any]]) -> str:
    """What no two logbooks share; empty where there is no time, as in a notebook."""
    timed = [[e["time"], e["kind"], e["exercise"]] for e in entries if "time" in e]
    return json.dumps(timed) if timed else ""


def _entries(shown: str, read: Callable[[], bytes], remarks: list[str]) -> list[dict[str, Any]]:
    try:
        content = read()
        if shown.lower().endswith(LOGBOOK):
            return _of_logbook(content, shown, remarks)
        return list(_of_notebook(content))
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) else "ce n’est pas un carnet lisible"
        remarks.append(f"{shown}{NBSP}: passé ({why}).")
        return []


def _of_logbook(content: bytes, shown: str, remarks: list[str]) -> list[dict[str, Any]]:
    lines = [line for line in content.split(b"\n") if line.strip()]
    entries = [logbook.parse(line) for line in lines]
    if torn := entries.count(None):
        remarks.append(f"{shown}{NBSP}: {plural(torn, 'ligne illisible', 'lignes illisibles')}.")
    return [entry for entry in entries if entry is not None]


def _of_notebook(content: bytes) -> Iterator[dict[str, Any]]:
    """What the outputs of a saved notebook recorded, in its order."""
    notebook = json.loads(content)
    for cell in notebook["cells"] if isinstance(notebook, dict) and "cells" in notebook else ():
        for output in cell.get("outputs") or ():
            record = (output.get("data") or {}).get(RECORD)
            yield from filter(logbook.is_record, record if isinstance(record, list) else ())
