"""The time of one process: a clock that stands still while it waits for a processor.

On a busy machine a pause of 0.1 s may last half a second, and who works looks idle. Linux counts
how long each thread was ready and not run (Documentation/scheduler/sched-stats.rst); elsewhere
this is the ordinary clock.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path


class OwnTime:
    """Seconds that a process has had for itself since this was made, read by `now()`."""

    def __init__(self, pid: int) -> None:
        self._tasks = Path(f"/proc/{pid}/task")
        self._began = time.monotonic()
        self._waited = 0.0
        self._delays = self._read()

    def now(self) -> float:
        """Seconds since the beginning, less those in which one of its threads had to wait."""
        delays = self._read()
        more = (delay - self._delays.get(task, delay) for task, delay in delays.items())
        self._waited += max(more, default=0.0)
        self._delays = delays
        return time.monotonic() - self._began - self._waited

    def _read(self) -> dict[str, float]:
        """The seconds that each thread has waited in all, by its number."""
        delays = {}
        with suppress(OSError, ValueError, IndexError):  # it ends, or the system counts nothing
            for task in self._tasks.iterdir():
                waited = (task / "schedstat").read_text().split()[1]
                delays[task.name] = int(waited) / 1e9
        return delays
