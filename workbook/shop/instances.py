"""What runs: the services of a shop and their instances, dead ones included."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from workbook.processes.launcher import Process
from workbook.shop.services import Description

LOOK_EVERY = 0.05  # seconds
QUIET_LOOKS = 10
BUSY_SECONDS = 2.0  # of processor: more than any import takes
NOWHERE = "http://127.0.0.1:9"  # the discard port: refused at once


class Instance:
    """One process of a service, with the address it announced."""

    process: Process

    def __init__(self, name: str) -> None:
        self.name = name
        self.url: str | None = None
        self.paused = False
        self.heard = threading.Event()

    @property
    def running(self) -> bool:
        return self.process.returncode is None

    @property
    def port(self) -> int | None:
        return int(self.url.rpartition(":")[2]) if self.url else None

    def await_work(self, timeout: float) -> None:
        """Wait until the process has ended, waits for something to do, or has been busy a while.

        A worker announces nothing: one that sleeps, look after look, is believed to have started.
        """
        deadline = time.monotonic() + timeout
        used, quiet = -1.0, 0
        while self.running and quiet < QUIET_LOOKS and used < BUSY_SECONDS:
            if time.monotonic() > deadline:
                return
            before, (used, asleep) = used, self._activity()
            quiet = quiet + 1 if asleep and used == before else 0
            self.process.wait(LOOK_EVERY)

    def _activity(self) -> tuple[float, bool]:
        """Seconds of processor used so far, and whether it sleeps at this moment."""
        import psutil

        if self.paused or self.process.pid is None:
            return 0.0, self.paused
        try:
            process = psutil.Process(self.process.pid)
            times = process.cpu_times()
            return times.user + times.system, process.status() == psutil.STATUS_SLEEPING
        except psutil.NoSuchProcess:
            return 0.0, False  # its end is about to be heard

    def kill(self) -> None:
        """SIGKILL, and wait until it is known dead."""
        self.process.kill()
        self.process.wait(5.0)

    def pause(self) -> None:
        """SIGSTOP, and wait until the system has stopped it."""
        import psutil

        self.process.pause()
        self.paused = True
        deadline, turn = time.monotonic() + 2.0, threading.Event()
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.process.pid)
            while process.status() != psutil.STATUS_STOPPED and time.monotonic() < deadline:
                turn.wait(0.002)

    def resume(self) -> None:
        """SIGCONT."""
        self.process.resume()
        self.paused = False


class Service:
    """A named service; its dead instances stay, so that the map can show them."""

    def __init__(self, description: Description, target: str, worker: bool = False) -> None:
        self.description = description
        self.target = target
        self.worker = worker
        self.shown = True
        self.instances: dict[str, Instance] = {}
        self.faults: dict[str, object] = {}

    @property
    def name(self) -> str:
        return self.description.name

    @property
    def is_learners(self) -> bool:
        """Whether a cell of the notebook is running, not the shop's own code."""
        return self.target != self.description.target

    @property
    def running(self) -> list[Instance]:
        return [instance for instance in self.instances.values() if instance.running]

    @property
    def dead(self) -> list[Instance]:
        return [instance for instance in self.instances.values() if not instance.running]

    @property
    def url(self) -> str:
        """Address of the first instance that listens, else the last known one."""
        known = [*self.running, *self.dead]
        return next((instance.url for instance in known if instance.url), NOWHERE)

    def named(self, name: str) -> list[Instance]:
        """All instances for the service's name, one for an instance's name."""
        return [i for i in self.instances.values() if name in (self.name, i.name)]

    def free_names(self, count: int) -> list[str]:
        """Return `count` instance names that nobody bears: `orders-1`, `orders-2` …"""
        names = (f"{self.name}-{number}" for number in range(1, 100))
        return [name for name in names if name not in self.instances][: max(0, count)]

    def forget_dead(self) -> None:
        """Drop the instances that ended."""
        self.instances = {instance.name: instance for instance in self.running}
