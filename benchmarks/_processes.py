"""What the benchmarks of processes share: memory, health, free ports."""

from __future__ import annotations

import http.client
import os
import random
import socket
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0


def environment() -> dict[str, str]:
    """This environment, able to import the repository and to write byte code."""
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]


def pss(pids: Iterable[int]) -> float:
    """Proportional set size of these processes together, in MB (10⁶ bytes); Linux only."""
    return sum(psutil.Process(pid).memory_full_info().pss for pid in pids) / 1e6


def free_ports(count: int) -> list[int]:
    """Ports under those the system gives to outgoing connections, which polling uses a lot."""
    found: set[int] = set()
    while len(found) < count:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.add(port)
    return list(found)


def await_healthy(ports: Iterable[int]) -> None:
    """Return as soon as each port has answered 200 to /health/live, asked by its own thread."""
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(_await_health, ports))


def _await_health(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _is_healthy(port):
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing healthy on port {port} after {PATIENCE} s")
        time.sleep(0.01)


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
