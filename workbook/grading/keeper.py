"""Ends whatever a learner's code has started: forked, detached, or in a session of its own.

On Linux a process that calls `adopt_orphans` becomes the parent of all that its descendants leave
behind, so that nothing escapes by forking twice. Elsewhere only what is still attached is found.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Collection
from contextlib import suppress

import psutil

SET_CHILD_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER, <linux/prctl.h>
PATIENCE = 10.0  # seconds
GONE = (psutil.NoSuchProcess, psutil.AccessDenied, ProcessLookupError)


_adopts = False


def adopt_orphans() -> None:
    """Become the parent of orphans among this process's descendants."""
    global _adopts
    _adopts = True
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def descendants(pid: int) -> list[psutil.Process]:
    """Those that run under `pid`, however deep; the dead that nobody reaped are left out."""
    try:
        found = psutil.Process(pid).children(recursive=True)
    except GONE:
        return []
    return [one for one in found if _runs(one)]


def _runs(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except GONE:
        return False


def end_all(pid: int) -> bool:
    """Kill every descendant of `pid`, faster than they fork; whether none is left."""
    deadline = time.monotonic() + PATIENCE
    while found := descendants(pid):
        for signal in ("suspend", "kill"):
            for one in found:
                with suppress(*GONE):
                    getattr(one, signal)()
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def end_strays(known: Collection[int]) -> None:
    """Kill what this process has adopted: its children that are not `known`."""
    if not _adopts:
        return
    for child in psutil.Process().children():
        if child.pid not in known and _runs(child):
            end(child.pid)


def end(pid: int) -> None:
    """Kill `pid` and all that is under it, which it adopts until its own end."""
    with suppress(*GONE):
        psutil.Process(pid).suspend()
    end_all(pid)
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, 9)


def memory(processes: list[psutil.Process]) -> int:
    """The bytes they hold."""
    total = 0
    for one in processes:
        with suppress(*GONE):
            total += one.memory_info().rss
    return total
