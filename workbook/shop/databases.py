"""The SQLite files of a run: copied as they are while services write, and put back."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from workbook.waiting import patient

MAGIC = b"SQLite format 3\0"
SIDE_FILES = ("-wal", "-shm", "-journal")  # they belong to the file they were written beside


LOCKED_SECONDS = 5.0


def databases(folder: Path) -> Iterator[Path]:
    """The databases in a folder and one level below, wherever a service or a learner put them."""
    for path in sorted({*folder.glob("*"), *folder.glob("*/*")}):
        if path.is_file() and _begins_with(path, MAGIC):
            yield path


def copy_databases(folder: Path, to: Path) -> None:
    """Copy each database of `folder` to the same place below `to`, by SQLite's own backup.

    Raises `OSError`, and `sqlite3.Error` where one stays locked or is damaged.
    """
    to.mkdir(parents=True)
    for path in databases(folder):
        target = to / path.relative_to(folder)
        target.parent.mkdir(exist_ok=True)
        with (
            closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", timeout=0, uri=True)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy, progress=_for_a_while(patient(LOCKED_SECONDS)), sleep=0.02)


def put_back(copies: Path, folder: Path) -> None:
    """Make the databases of `folder` those of `copies`; no process may have them open.

    A database that did not exist yet when the copy was made is removed.
    """
    for path in databases(folder):
        for name in (path.name, *(path.name + suffix for suffix in SIDE_FILES)):
            path.with_name(name).unlink(missing_ok=True)
    for copy in databases(copies):
        target = folder / copy.relative_to(copies)
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(copy, target)


def _for_a_while(seconds: float) -> Callable[[int, int, int], None]:
    """What ends a backup that goes on for longer: of itself it waits for a lock without end."""
    deadline = time.monotonic() + seconds

    def go_on(*_: int) -> None:
        if time.monotonic() > deadline:
            raise sqlite3.OperationalError("database is locked")

    return go_on


def _begins_with(path: Path, magic: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(magic)) == magic
