"""Bubblewrap around the learner's kernel: no network but loopback, no file but its own to write.

The kernel alone is inside; pytest, which knows the marks and writes the report, stays outside.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from workbook.settings import ROOT, search_path

ABSENT = (
    "bubblewrap (`bwrap`) n’est pas installé : le code des apprenants a le réseau et les fichiers "
    "de votre compte."
)
REFUSED = (
    "ce système refuse bubblewrap : le code des apprenants a le réseau et les fichiers de votre "
    "compte."
)
INSIDE = (
    "bubblewrap : aucun réseau, aucune écriture hors de leur dossier, ni votre dossier personnel, "
    "ni les rendus, ni les solutions."
)
TRIAL = 20  # seconds


def wrapping(folder: Path, hidden: Iterable[Path]) -> list[str]:
    """The command before the kernel's: all is read-only but `folder`, and `hidden` is empty."""
    program = shutil.which("bwrap", path=search_path())
    if program is None:
        return []
    kept = [ROOT, Path(sys.prefix), Path(sys.base_prefix)]
    arguments = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    for private in _private():
        arguments += ["--tmpfs", str(private)]
    for path in dict.fromkeys(kept):
        if any(path.is_relative_to(private) for private in _private()):
            arguments += ["--ro-bind", str(path), str(path)]
    for path in hidden:
        if path.is_dir() and not folder.is_relative_to(path):
            arguments += ["--tmpfs", str(path)]
        elif path.is_file():
            arguments += ["--ro-bind", os.devnull, str(path)]
    arguments += ["--bind", str(folder), str(folder)]
    unshared = ("--unshare-pid", "--unshare-net", "--unshare-ipc")
    # Inside, a kernel's parent is process 1, which it takes for the sign that its own is dead.
    return [program, *arguments, *unshared, "--unsetenv", "JPY_PARENT_PID", "--die-with-parent"]


def _private() -> list[Path]:
    """Where people keep what is theirs; not the whole disk, where somebody's home is `/`."""
    places = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/home"), Path.home()]
    return [p for p in dict.fromkeys(places) if p.is_dir() and p != Path(p.anchor)]


@cache
def state() -> str:
    """What the report says of it."""
    if shutil.which("bwrap", path=search_path()) is None:
        return ABSENT
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        command = [*wrapping(Path(folder), []), sys.executable, "-c", "print('well')"]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=TRIAL, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return REFUSED
    return INSIDE if done.stdout.strip() == "well" else REFUSED


def works() -> bool:
    """Whether kernels can be put inside."""
    return state() == INSIDE
