"""The launcher owns the processes of a run and its run folder.

    launcher = Launcher.shared()
    process = launcher.spawn("orders-1", "services.orders.app", env, on_line=print)

A service is a real process, forked in a few milliseconds by a helper that has already imported
Flask and its friends (`workbook.processes.zygote`). Nothing outlives the kernel, even killed by
SIGKILL: the helper sees the end of its socket, kills every service and removes the run folder.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Mapping

from workbook import settings
from workbook.processes.forked import Forked
from workbook.processes.process import OnExit, OnLine, Process
from workbook.processes.run_folder import make_run_folder, sweep_stale_folders
from workbook.processes.subprocesses import Subprocesses
from workbook.processes.zygote import remove_run_folder

__all__ = ["Launcher", "Process"]


class Launcher:
    """Starts services; one a kernel is enough (`Launcher.shared()`).

    `run_folder` is this run's own folder: locked while the kernel lives, removed with it.
    """

    _shared: Launcher | None = None
    _sharing = threading.Lock()

    def __init__(self):
        self.run_folder, self._lock_file = make_run_folder()
        self._opening = threading.Lock()
        self._closed = False
        self._owner = os.getpid()
        self._nursery: Forked | Subprocesses = self._open_nursery()
        atexit.register(self.close)
        threading.Thread(target=sweep_stale_folders, name="workbook-sweep", daemon=True).start()

    @classmethod
    def shared(cls) -> Launcher:
        """Return this kernel's launcher, starting it the first time; never waits for it."""
        with cls._sharing:
            if cls._shared is None or cls._shared._closed:
                cls._shared = cls()
            return cls._shared

    def wait_ready(self, timeout: float | None = None) -> bool:
        """Wait until the helper has imported everything; `spawn` need not: requests queue."""
        return self._nursery.ready.wait(timeout)

    def spawn(
        self,
        name: str,
        target: str | os.PathLike,
        env: Mapping[str, str],
        cwd: str | os.PathLike | None = None,
        on_line: OnLine | None = None,
        on_exit: OnExit | None = None,
    ) -> Process:
        """Start `python -m services.chassis TARGET` in exactly `env` and return at once.

        `on_line(process, line)` and, after its last line, `on_exit(process)` are called from the
        launcher's reading thread: they must be quick and must not wait for a process.
        """
        process = Process(name, str(target), on_line, on_exit)
        environment = {key: str(value) for key, value in env.items()}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        folder = str(cwd or self.run_folder)
        with self._opening:
            if self._closed:
                raise RuntimeError("Ce lanceur est fermé : redémarrez le noyau.")
            if not self._nursery.start(process, environment, folder):
                self._nursery = self._open_nursery()
                self._nursery.start(process, environment, folder)
        return process

    def close(self) -> None:
        """Kill every service, remove the run folder.  Idempotent."""
        if os.getpid() != self._owner:  # a fork of the kernel ends: not our run's end
            return
        with self._opening:
            if self._closed:
                return
            self._closed = True
        atexit.unregister(self.close)
        self._nursery.close()
        self._lock_file.close()
        remove_run_folder(self.run_folder)

    def _open_nursery(self) -> Forked | Subprocesses:
        kinds = {"forked": Forked, "subprocesses": Subprocesses}
        return kinds[settings.launcher()](self.run_folder)
