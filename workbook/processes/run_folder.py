"""The run folder: everything a run writes, locked while its kernel lives, gone with it."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from workbook.processes.zygote import remove_run_folder

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

PREFIX = "workbook-"
LOCK = ".lock"


def make_run_folder() -> tuple[Path, BinaryIO]:
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    if fcntl is None:
        return folder, (folder / LOCK).open("wb")
    # Locked before it bears its name: a sweep elsewhere must never see it unlocked.
    unnamed = folder / f"{LOCK}.new"
    lock_file = unnamed.open("wb")
    # NFS, Lustre or FUSE may have no locks: without that name, this folder is never swept.
    with suppress(OSError):
        fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        unnamed.rename(folder / LOCK)
    return folder, lock_file


def has_locks() -> bool:
    """Whether the temporary folder has them; raises `OSError` where nothing can be written."""
    with tempfile.NamedTemporaryFile(prefix=PREFIX) as probe:
        try:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (OSError, AttributeError):  # no locks there, no fcntl here
            return False
    return True


def sweep_stale_folders() -> None:
    """Remove the run folders whose kernel, and whose helper, were killed together."""
    for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{LOCK}"):
        if _is_mine(lock) and _is_stale(lock):
            remove_run_folder(lock.parent)


def _is_mine(lock: Path) -> bool:
    try:
        return os.name != "posix" or lock.lstat().st_uid == os.getuid()
    except OSError:
        return False


def _is_stale(lock: Path) -> bool:
    try:
        if fcntl is None:
            lock.unlink()  # Windows refuses while a process has it open
            return True
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
