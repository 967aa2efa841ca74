"""Runs one notebook by nbval under `strict`, in a process, a session and a folder of its own."""

from __future__ import annotations

import json
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from workbook import settings
from workbook.errors import WorkbookError
from workbook.grading import keeper, sandbox

PASSED_ON = ("WORKBOOK_COURSE", "WORKBOOK_PATIENCE", "WORKBOOK_LAUNCHER", "RABBITMQ_HOME")
LONGEST_BASE = 40  # characters: a Unix socket's path has 107 at most
NOT_HERE = "Noter demande Linux ou macOS : sous Windows, passez par WSL."
PREFIX = "workbook-g"
HIDDEN = "hidden"  # in the run's own folder
MEGABYTE = 1_000_000


_RUNNING: set[int] = set()  # the processes that judge, in this one
_SPAWNING = threading.Lock()
STOPPING = threading.Event()  # the grader was interrupted: nothing new is started


class Stopped(Exception):
    """The grader was interrupted."""


@dataclass(frozen=True)
class Limits:
    """What one notebook may take: seconds a cell and in all, bytes of memory, processes."""

    cell: float = 90.0
    total: float = 900.0
    memory: int = 3_000 * MEGABYTE
    processes: int = 250
    file: int = 500 * MEGABYTE


@dataclass
class Run:
    """What became of a notebook: an event a cell, by id, and what else was told."""

    cells: dict[str, dict[str, Any]] = field(default_factory=dict)
    started: bool = True
    ended: bool = False
    out_of_time: bool = False
    told: str = ""
    left: list[str] = field(default_factory=list)


def run(
    name: str,
    notebook: dict[str, Any],
    exercises: Sequence[str],
    limits: Limits,
    hidden: Sequence[Path] = (),
    seed: int | None = None,
) -> Run:
    """Run `notebook`, called `name`; `exercises` are the modules that judge it.

    `seed` is what its checks draw from, chance itself if none.
    Raises `Stopped` once `STOPPING` is set.
    """
    if os.name == "nt":
        raise WorkbookError(NOT_HERE)
    if STOPPING.is_set():
        raise Stopped
    with _own_folder() as folder:
        path = folder / "notebooks" / f"{name}.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")
        inside = sandbox.wrapping(folder, hidden) if sandbox.works() else []
        job = {
            "exercises": list(exercises),
            "inside": inside,
            "memory": limits.memory,
            "processes": limits.processes,
            "file": limits.file,
            "seed": seed,
            "hidden": str(_lend_hidden(folder) or ""),
        }
        return _driven(path, job, limits)


@contextmanager
def _own_folder() -> Any:
    """A home, a temporary folder and a place to work, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=_base()))
    try:
        for name in ("notebooks", "home", "tmp", "run", "nothing"):
            (folder / name).mkdir()
        _lend_fonts(folder / "home" / "matplotlib")
        (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Remove the folders of graders that were killed."""
    for folder in _base().glob(f"{PREFIX}*-*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _base() -> Path:
    """The temporary folder, where its path leaves room for a socket's."""
    usual = tempfile.gettempdir()
    return Path(usual if len(usual) <= LONGEST_BASE else "/tmp")


def _lend_fonts(folder: Path) -> None:
    """matplotlib's list of the machine's fonts: making it anew takes seconds, in every kernel."""
    folder.mkdir()
    for known in (Path.home() / ".cache" / "matplotlib").glob("fontlist-*.json"):
        shutil.copy(known, folder)


def _lend_hidden(folder: Path) -> Path | None:
    """A copy of the teacher's hidden steps, which the run removes once they are loaded."""
    own = settings.hidden_checks()
    return Path(shutil.copytree(own, folder / HIDDEN)) if own else None


def _driven(path: Path, job: dict[str, Any], limits: Limits) -> Run:
    folder = path.parents[1]
    given_read, given_write = os.pipe()
    told_read, told_write = os.pipe()
    environment = _environment(folder) | {"WORKBOOK_GRADING": f"{given_read},{told_write}"}
    if job["hidden"]:
        environment["WORKBOOK_HIDDEN"] = job["hidden"]
    # -P: what a learner writes in this folder is never imported by the process that judges.
    command = [
        *(
            sys.executable,
            "-P",
            "-m",
            "pytest",
            "-p",
            "workbook.grading.strict",
            "-p",
            "nbval.plugin",
        ),
        *("--nbval-lax", "--nbval-current-env", f"--nbval-cell-timeout={limits.cell}"),
        *("-p", "no:cacheprovider", "--noconftest", "-c", str(folder / "pytest.ini")),
        *("-q", "--color=no", "--tb=no", str(path)),
    ]
    log = folder / "pytest.log"
    with log.open("wb") as output, _SPAWNING:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=(given_read, told_write),
            start_new_session=True,
        )
        _RUNNING.add(process.pid)
    os.close(given_read)
    os.close(told_write)
    try:
        with suppress(BrokenPipeError), os.fdopen(given_write, "w", encoding="utf-8") as given:
            json.dump(job, given)
        found = _heard(told_read, time.monotonic() + limits.total)
    finally:
        os.close(told_read)
        keeper.end(process.pid)
        process.wait()
        with _SPAWNING:
            _RUNNING.discard(process.pid)
            keeper.end_strays(_RUNNING)
    if not found.cells and not found.told:
        found.told = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    return found


def _heard(descriptor: int, deadline: float) -> Run:
    """Every event, until the other side closes the pipe, or time is over."""
    found, pending = Run(), b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while not found.ended:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                found.out_of_time = True
                return found
            chunk = os.read(descriptor, 65536)
            if not chunk:
                return found
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                with suppress(ValueError, KeyError, TypeError):  # torn by a kill
                    _note(found, json.loads(line))
    return found


def _note(found: Run, event: dict[str, Any]) -> None:
    if "cell" in event:
        found.cells[event["cell"]] = event
    elif event.get("state") == "unstarted":
        found.started, found.told = False, event["told"]
    elif "ended" in event:
        found.ended, found.left = True, event["left"]


def _environment(folder: Path) -> dict[str, str]:
    """The machine's own variables, our packages, and nothing that says anything of the teacher."""
    kept = settings.of_a_helper()
    kept |= {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return kept | {
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "JUPYTER_RUNTIME_DIR": str(folder / "run"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "IPYTHONDIR": str(folder / "home" / "ipython"),
        "MPLCONFIGDIR": str(folder / "home" / "matplotlib"),
        "WORKBOOK_PROGRESS": str(folder / "tmp" / "progress.jsonl"),
        "WORKBOOK_SOLUTIONS": str(folder / "nothing"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONUTF8": "1",
    }
