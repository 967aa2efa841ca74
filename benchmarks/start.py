"""Eight services healthy: our launcher, warm, against honcho and against plain subprocesses.

python -m benchmarks start
"""

from __future__ import annotations

import secrets
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from benchmarks._processes import await_healthy, environment, free_ports, pss, tree
from workbook import settings
from workbook.processes.launcher import Launcher
from workbook.shop.environment import service_environment

SERVICES = (
    "gateway",
    "auth",
    "users",
    "products",
    "inventory",
    "payments",
    "orders",
    "notifications",
)
ROUNDS = 5
RESPAWNS = 9
TIME_AIM, MEMORY_AIM = 0.15, 0.5

Starter = Callable[[dict[str, dict[str, str]], Path], Iterator[list[int]]]


def run() -> list[dict]:
    """Rows for time and memory against both rivals, and for a killed service's return."""
    launcher = Launcher()
    try:
        launcher.wait_ready()
        starters = {"ours": _ours(launcher), "honcho": _honcho, "subprocess": _subprocesses}
        figures = {name: [] for name in starters}
        for _ in range(ROUNDS):
            for name, starter in starters.items():
                figures[name].append(_measure(starter))
        return [*_start_rows(figures), *_respawn_rows(launcher)]
    finally:
        launcher.close()


def _start_rows(figures: dict[str, list[tuple[float, float]]]) -> list[dict]:
    medians = {
        name: [statistics.median(column) for column in zip(*rounds, strict=True)]
        for name, rounds in figures.items()
    }
    seconds, memory = medians["ours"]
    rows = []
    for rival, time_aim, memory_aim in (
        ("honcho", TIME_AIM, MEMORY_AIM),
        ("subprocess", None, None),
    ):
        their_seconds, their_memory = medians[rival]
        rows += [
            _row(f"eight services healthy ({rival})", seconds, their_seconds, time_aim),
            {
                "what": f"their memory, PSS ({rival})",
                "ours": f"{memory:.0f} MB",
                "rival": f"{their_memory:.0f} MB",
                "ratio": memory / their_memory,
                "aim": memory_aim,
            },
        ]
    return rows


def _row(what: str, ours: float, rival: float, aim: float | None) -> dict:
    return {
        "what": what,
        "ours": f"{ours * 1000:.1f} ms" if ours < 0.01 else f"{ours * 1000:.0f} ms",
        "rival": f"{rival * 1000:.1f} ms" if rival < 0.01 else f"{rival * 1000:.0f} ms",
        "ratio": ours / rival,
        "aim": aim,
    }


def _measure(starter: Starter) -> tuple[float, float]:
    """Seconds until all are healthy, and the memory they then take, in MB."""
    with tempfile.TemporaryDirectory() as folder:
        environments = _environments(Path(folder))
        started = time.perf_counter()
        with starter(environments, Path(folder)) as processes:
            await_healthy(int(one["PORT"]) for one in environments.values())
            elapsed = time.perf_counter() - started
            return elapsed, pss(processes())


def _environments(folder: Path) -> dict[str, dict[str, str]]:
    password = secrets.token_urlsafe(12)
    return {
        name: service_environment(
            name,
            system=settings.of_the_system(),
            port=port,
            database_url=f"sqlite:///{folder / name}.db",
            DEMO_PASSWORD=password,
        )
        for name, port in zip(SERVICES, free_ports(len(SERVICES)), strict=True)
    }


def _target(name: str) -> str:
    return f"services.{name}.app"


def _ours(launcher: Launcher) -> Starter:
    @contextmanager
    def start(environments: dict[str, dict[str, str]], folder: Path) -> Iterator:
        services = [
            launcher.spawn(name, _target(name), env, folder) for name, env in environments.items()
        ]
        try:
            yield lambda: tree(psutil.Process(services[0].pid).ppid())
        finally:
            for service in services:
                service.kill()
            for service in services:
                service.wait()

    return start


@contextmanager
def _subprocesses(environments: dict[str, dict[str, str]], folder: Path) -> Iterator:
    services = [_popen(name, env) for name, env in environments.items()]
    try:
        yield lambda: [service.pid for service in services]
    finally:
        for service in services:
            service.kill()
            service.wait()


@contextmanager
def _honcho(environments: dict[str, dict[str, str]], folder: Path) -> Iterator:
    procfile = folder / "Procfile"
    procfile.write_text("".join(_procfile_line(*each) for each in environments.items()))
    command = [sys.executable, "-m", "honcho", "--procfile", str(procfile), "start", "--no-prefix"]
    honcho = subprocess.Popen(
        command, env=environment(), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield lambda: tree(honcho.pid)
    finally:
        family = [psutil.Process(pid) for pid in tree(honcho.pid)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        honcho.wait()


def _procfile_line(name: str, env: dict[str, str]) -> str:
    own = [f"{key}={value}" for key, value in env.items() if environment().get(key) != value]
    return f"{name}: exec env {shlex.join([*own, *_command(name)])}\n"


def _command(name: str) -> list[str]:
    return [sys.executable, "-m", "services.chassis", _target(name)]


def _popen(name: str, env: dict[str, str]) -> subprocess.Popen:
    return subprocess.Popen(
        _command(name),
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # as honcho does: Linux shares the processor by sessions
    )


# -- kill -9


def _respawn_rows(launcher: Launcher) -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        env = _environments(Path(folder))["orders"]
        ours = [_kill_ours(launcher, env) for _ in range(RESPAWNS)]
        rival = [_kill_subprocess(env) for _ in range(RESPAWNS)]
    known, back = (statistics.median(column) for column in zip(*ours, strict=True))
    their_known, their_back = (statistics.median(column) for column in zip(*rival, strict=True))
    return [
        _row("kill -9 to its exit known (Popen.wait)", known, their_known, None),
        _row("kill -9 to healthy again (subprocess)", back, their_back, None),
    ]


def _kill_ours(launcher: Launcher, env: dict[str, str]) -> tuple[float, float]:
    service = launcher.spawn("orders-1", _target("orders"), env)
    await_healthy([int(env["PORT"])])
    killed = time.perf_counter()
    service.kill()
    service.wait()
    known = time.perf_counter() - killed
    service = launcher.spawn("orders-1", _target("orders"), env)
    await_healthy([int(env["PORT"])])
    back = time.perf_counter() - killed
    service.kill()
    service.wait()
    return known, back


def _kill_subprocess(env: dict[str, str]) -> tuple[float, float]:
    service = _popen("orders", env)
    await_healthy([int(env["PORT"])])
    killed = time.perf_counter()
    service.kill()
    service.wait()
    known = time.perf_counter() - killed
    service = _popen("orders", env)
    await_healthy([int(env["PORT"])])
    back = time.perf_counter() - killed
    service.kill()
    service.wait()
    return known, back
