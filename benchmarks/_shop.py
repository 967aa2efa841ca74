"""Services as plain processes that write to files, as under Docker: nobody reads them meanwhile."""

from __future__ import annotations

import json
import secrets
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

from benchmarks._processes import PATIENCE, await_healthy, free_ports
from workbook import settings
from workbook.processes.credential import Credential
from workbook.shop.environment import service_environment


class Shop:
    """Some services that know each other by PEERS; a context manager.

    `instances` maps a service to how many there are of it; they share its database.
    """

    def __init__(self, instances: dict[str, int], **env: str):
        self.names = [name for name, count in instances.items() for _ in range(count)]
        self.password = secrets.token_urlsafe(12)
        self.credential = Credential()
        self._env = env
        self._folder = tempfile.TemporaryDirectory(prefix="workbook-")
        self.folder = Path(self._folder.name)
        self.processes: list[tuple[str, psutil.Popen]] = []

    def __enter__(self) -> Shop:
        ports = free_ports(len(self.names))
        self.ports: dict[str, list[int]] = {}
        for name, port in zip(self.names, ports, strict=True):
            self.ports.setdefault(name, []).append(port)
        # The first instance of each service makes the tables of the others.
        for position in range(max(map(len, self.ports.values()))):
            next_ones = {name: ports for name, ports in self.ports.items() if ports[position:]}
            for name, ports in next_ones.items():
                self._start(name, f"{name}-{position + 1}", ports[position])
            await_healthy(ports[position] for ports in next_ones.values())
        self._await_ready()
        return self

    def __exit__(self, *error: object) -> None:
        for _, process in self.processes:
            process.kill()
        for _, process in self.processes:
            process.wait()
        self._folder.cleanup()

    def port(self, name: str) -> int:
        return self.ports[name][0]

    def call(self, name: str, method: str, path: str, body: dict) -> dict:
        """One JSON exchange with a service."""
        url = f"http://127.0.0.1:{self.port(name)}{path}"
        headers = {"Content-Type": "application/json", **self.credential.shown_to(name)}
        asked = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(asked, timeout=PATIENCE) as answer:
            return json.load(answer)

    def token(self, name: str = "auth", path: str = "/login") -> str:
        """Alice's."""
        account = {"username": "alice", "password": self.password}
        return self.call(name, "POST", path, account)["access_token"]

    def processor(self) -> dict[str, float]:
        """Seconds of processor each service has taken so far, its instances together."""
        taken = dict.fromkeys(self.names, 0.0)
        for name, process in self.processes:
            times = process.cpu_times()
            taken[name] += times.user + times.system
        return taken

    def _start(self, name: str, instance: str, port: int) -> None:
        peers = {
            peer: [f"http://127.0.0.1:{one}" for one in ports] for peer, ports in self.ports.items()
        }
        own = service_environment(
            name,
            system=settings.of_the_system(),
            instance=instance,
            port=port,
            database_url=f"sqlite:///{self.folder / name}.db",
            DEMO_PASSWORD=self.password,
            RUN_CREDENTIAL=self.credential.secret,
            PEERS=json.dumps(peers),
            # What is measured is the way, not how much of it somebody is allowed.
            RATE_LIMIT="1000000000",
            RATE_BURST="1000000000",
        )
        command = [sys.executable, "-m", "services.chassis", f"services.{name}.app"]
        with (self.folder / f"{instance}.log").open("wb") as log:
            process = psutil.Popen(command, env=own | self._env, stdout=log, stderr=log)
        self.processes.append((name, process))

    def _await_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        logs = list(self.folder.glob("*.log"))
        while any(b'"ready"' not in log.read_bytes() for log in logs):
            if time.monotonic() > deadline:
                raise TimeoutError(f"not all ready after {PATIENCE} s: {logs}")
            time.sleep(0.02)
