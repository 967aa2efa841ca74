"""The learner's logbook: what was checked, hinted and revealed, on their disk and nowhere else.

One JSON object a line, only ever appended, in `.workbook/progress.jsonl` (`WORKBOOK_PROGRESS`
names another file). Each record is one `write` in append mode, so that several notebooks can write
at once (one that meets another's write half-way starts a new line: an empty one is nothing); a
line torn by a crash is skipped when reading. In a checkout that others share and nobody but its
owner may write, the logbook is in the learner's own home. Under pytest, records go to a temporary
file: a test or a grading run is not the learner's progress.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import functools
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbook import settings

REAL_ATTEMPTS = ("passed", "incorrect", "error")
DEFAULT = Path(".workbook", "progress.jsonl")
TEMPORARY = "workbook-log-"  # a prefix, then the process id
REMEDIES = {
    errno.EACCES: "rendez-le à votre compte, par « sudo chown -R $USER {folder} »",
    errno.EISDIR: "un dossier occupe sa place, renommez-le",
    errno.ENOTDIR: "un fichier occupe la place de son dossier, renommez-le",
    errno.ENOSPC: "libérez de la place sur ce disque",
    errno.EROFS: "ce disque est en lecture seule, désignez un autre fichier par WORKBOOK_PROGRESS",
}


def path() -> Path:
    """The file in use."""
    if chosen := settings.progress_file():
        return chosen
    if settings.under_pytest():
        return _temporary()
    shared = not any(os.access(place, os.W_OK) for place in _places(settings.ROOT))
    return (Path.home() if shared else settings.ROOT) / DEFAULT


def trouble() -> str:
    """What keeps the logbook from being read or written, and how to repair it; empty if nothing."""
    target = path()
    try:
        with contextlib.suppress(FileNotFoundError), target.open("rb"):
            pass
    except OSError as error:
        return explain(error)
    existing = next(place for place in (target, *target.parents) if place.exists())
    if not os.access(existing, os.W_OK):
        return explain(PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(existing)))
    return ""


def explain(error: OSError) -> str:
    """In French: which file could not be read or written, why, and what to do."""
    target = path()
    remedy = REMEDIES.get(error.errno, "vérifiez ce fichier et son dossier")
    return (
        f"La progression n’a pas pu être enregistrée ou lue dans {target} ({error.strerror}) : "
        f"{remedy.format(folder=target.parent)}."
    )


def record(kind: str, exercise: str, **details: Any) -> None:
    """Append one record (`check`, `hint` or `solution`); raises `OSError` when the disk refuses."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    entry = {"time": now, "kind": kind, "exercise": exercise, **details}
    line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    descriptor = os.open(target, flags, 0o644)
    try:
        os.write(descriptor, line if _ends_whole(descriptor) else b"\n" + line)
    finally:
        os.close(descriptor)


def records() -> Iterator[dict[str, Any]]:
    """Every readable record, oldest first; none where the file cannot be read."""
    try:
        content = path().read_bytes()
    except OSError:  # missing, or somebody else's: `trouble` says which
        return
    for line in content.split(b"\n"):
        entry = parse(line)
        if entry is not None:
            yield entry


def hints_taken(exercise: str) -> int:
    """How many of its hints were shown."""
    taken = (r for r in _about(exercise) if r["kind"] == "hint")
    return max((r["stage"] for r in taken if isinstance(r.get("stage"), int)), default=0)


def attempted(exercise: str) -> bool:
    """Whether a real answer was ever checked, right or wrong."""
    return any(map(is_attempt, _about(exercise)))


def is_attempt(entry: dict[str, Any]) -> bool:
    """Whether a record is a verdict on a real answer."""
    return entry["kind"] == "check" and entry.get("outcome") in REAL_ATTEMPTS


def parse(line: bytes) -> dict[str, Any] | None:
    """The record of one line; None where it is torn, or not ours."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):  # no JSON, or nested deeper than can be read
        return None
    return entry if is_record(entry) else None


def is_record(entry: object) -> bool:
    """Whether it names what it is, and of what."""
    whole = isinstance(entry, dict) and {"kind", "exercise"} <= entry.keys()
    return whole and all(isinstance(entry[key], str) for key in ("kind", "exercise"))


def _places(root: Path) -> tuple[Path, ...]:
    """Where a logbook of this checkout is, or could be made."""
    return root, (root / DEFAULT).parent, root / DEFAULT


def _about(exercise: str) -> Iterator[dict[str, Any]]:
    return (entry for entry in records() if entry["exercise"] == exercise)


def _ends_whole(descriptor: int) -> bool:
    size = os.lseek(descriptor, 0, os.SEEK_END)
    if size == 0:
        return True
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1) == b"\n"


@functools.cache
def _temporary() -> Path:
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{TEMPORARY}{os.getpid()}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder / "progress.jsonl"


def _sweep() -> None:
    """Remove the folders of processes that are gone: nbval ends its kernels by SIGKILL."""
    import psutil  # slow, and no notebook of a learner comes here

    for folder in Path(tempfile.gettempdir()).glob(f"{TEMPORARY}*-*"):
        pid = folder.name.removeprefix(TEMPORARY).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)
