"""Services as plain subprocesses, where there is no fork (Windows)."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from workbook.processes.forked import CHUNK, ZYGOTE
from workbook.processes.output import Output
from workbook.processes.process import KILL, STOP, Process


class Subprocesses:
    """The promises of `Forked` without fork: one interpreter and one thread a service.

    Each keeps the read end of its stdin: it ends by itself when the kernel is gone.
    """

    def __init__(self, run_folder: Path):
        self._running: list[subprocess.Popen] = []
        self.ready = threading.Event()
        self.ready.set()

    def start(self, process: Process, env: dict[str, str], cwd: str) -> bool:
        windows = {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        child = subprocess.Popen(
            [sys.executable, "-P", str(ZYGOTE), "run", process.target],
            env={"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", **env},
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **({"start_new_session": True} if os.name == "posix" else windows),
        )
        process.pid = child.pid
        process.send_signal = lambda number: self._send_signal(child, number)
        self._running = [other for other in self._running if other.poll() is None] + [child]
        threading.Thread(target=self._follow, args=(child, process), daemon=True).start()
        return True

    def close(self) -> None:
        for child in self._running:
            child.kill()
        for child in self._running:
            child.wait()

    def _follow(self, child: subprocess.Popen, process: Process) -> None:
        output = Output(process)
        while data := child.stdout.read1(CHUNK):
            ahead = output.hear(data) - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)
        output.finish()
        process.end(child.wait())

    def _send_signal(self, child: subprocess.Popen, number: int) -> None:
        if child.poll() is not None:
            return
        import psutil  # Windows has no SIGSTOP: psutil suspends the threads there

        with contextlib.suppress(psutil.NoSuchProcess):
            service = psutil.Process(child.pid)
            if number == KILL:
                service.kill()
            elif number == STOP:
                service.suspend()
            else:
                service.resume()  # a paused service must hear SIGTERM too
            if number == signal.SIGTERM:
                service.terminate()
