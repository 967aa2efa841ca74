"""One service process, as the kernel sees it: its output, its end, its signals."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections import deque
from collections.abc import Callable

# Windows has only SIGTERM; there the others name what psutil does.
KILL = getattr(signal, "SIGKILL", 9)
STOP = getattr(signal, "SIGSTOP", 19)
CONTINUE = getattr(signal, "SIGCONT", 18)

LINES_KEPT = 2000

log = logging.getLogger(__name__)

OnLine = Callable[["Process", str], None]
OnExit = Callable[["Process"], None]


class Process:
    """One service process.  `pid` is None until it is forked, `returncode` until it has ended.

    `lines` holds its last 2000 lines of output; `dropped` counts those no longer kept.
    A negative `returncode` is the signal that ended it (-9: SIGKILL).
    """

    def __init__(self, name: str, target: str, on_line: OnLine | None, on_exit: OnExit | None):
        self.name = name
        self.target = target
        self.pid: int | None = None
        self.returncode: int | None = None
        self.paused = False
        self.started_at = time.time()
        self.lines: deque[str] = deque(maxlen=LINES_KEPT)
        self.dropped = 0
        self._on_line = on_line
        self._on_exit = on_exit
        self._ended = threading.Event()
        self.send_signal: Callable[[int], None] = lambda number: None

    def __repr__(self) -> str:
        state = "en marche" if self.returncode is None else f"terminé ({self.returncode})"
        return f"<Process {self.name} pid={self.pid} {state}>"

    def wait(self, timeout: float | None = None) -> int | None:
        """Return the return code, or None when it still runs after `timeout` seconds."""
        self._ended.wait(timeout)
        return self.returncode

    def kill(self) -> None:
        """SIGKILL, to the service and to whatever it has started."""
        self.send_signal(KILL)

    def terminate(self) -> None:
        """SIGTERM: ask for a graceful stop, also of a paused service."""
        self.paused = False
        self.send_signal(signal.SIGTERM)

    def pause(self) -> None:
        """SIGSTOP: the service keeps its connections and answers nothing."""
        self.paused = True
        self.send_signal(STOP)

    def resume(self) -> None:
        """SIGCONT, after `pause`."""
        self.paused = False
        self.send_signal(CONTINUE)

    def hear(self, line: str) -> None:
        """Keep one line of output and tell it to the observer; called by whoever reads the pipe."""
        if len(self.lines) == LINES_KEPT:
            self.dropped += 1
        self.lines.append(line)
        if self._on_line:
            _guarded(self._on_line, self, line)

    def end(self, returncode: int) -> None:
        """Note how it ended, once; called by whoever reaps it."""
        if self._ended.is_set():
            return
        self.returncode = returncode
        self._ended.set()
        if self._on_exit:
            _guarded(self._on_exit, self)


def _guarded(callback: Callable, *arguments) -> None:
    """A mistake in one observer must not silence every service."""
    try:
        callback(*arguments)
    except Exception:
        log.exception("%r a échoué", callback)
