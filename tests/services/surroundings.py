"""What the services' tests stand on: services as processes, a private PostgreSQL, and patience."""

import contextlib
import json
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import psycopg
import pytest
import requests

REPOSITORY = Path(__file__).parents[2]
SECONDS = 20


def eventually(condition, seconds=SECONDS, what="the condition"):
    """Wait until `condition()` is true and return its value; fail after `seconds`."""
    until = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > until:
            pytest.fail(f"{what} did not come true in {seconds} s")
        time.sleep(0.01)
    return value


class Service:
    """A service running as `python -m services.chassis TARGET`, and what it wrote."""

    def __init__(self, target, name, folder, env):
        self.name, self.lines = name, []
        self.environment = {**os.environ, **env}
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.chassis", str(target)],
            env=self.environment, cwd=folder, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(_parse(line))

    def of_kind(self, kind, **expected):
        """The JSON lines of one kind (`event`, `log`, `span`) that have the expected fields."""
        return [
            line
            for line in list(self.lines)
            if line["kind"] == kind and expected.items() <= line.items()
        ]

    def wait_for(self, kind, **expected):
        """The first such line, awaited."""
        return eventually(
            lambda: self.of_kind(kind, **expected) or self._died(),
            what=f"{self.name}: {kind} {expected} among {self.text()}",
        )[0]

    def _died(self):
        if self.process.poll() is not None and not self._reader.is_alive():
            pytest.fail(f"{self.name} ended with {self.process.returncode}:\n{self.text()}")

    def text(self):
        """Everything written so far."""
        return "\n".join(json.dumps(line, ensure_ascii=False) for line in list(self.lines))

    @property
    def url(self):
        return "http://127.0.0.1:{port}".format(**self.wait_for("event", event="listening"))

    def request(self, method, path, **options):
        return requests.request(method, self.url + path, **{"timeout": 30, **options})

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, json=None, **options):
        return self.request("POST", path, json=json, **options)

    def put(self, path, json=None, **options):
        return self.request("PUT", path, json=json, **options)

    def patch(self, path, json=None, **options):
        return self.request("PATCH", path, json=json, **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        """SIGKILL to the process and all it started, waited for."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        return self.wait()

    def stop(self):
        """SIGTERM, and the exit code."""
        self.process.terminate()
        return self.wait()

    def wait(self):
        code = self.process.wait(SECONDS)
        self._reader.join(SECONDS)
        return code


def _parse(line):
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    return (
        record if isinstance(record, dict) and "kind" in record else {"kind": "text", "text": line}
    )


class Starter:
    """Starts services in a folder of their own and leaves none behind."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.services = []
        self.password = secrets.token_urlsafe(8)

    def __call__(self, target, name=None, instance=None, wait=True, **env):
        """Start `target`, a service's name, a dotted module or a file; wait until it is ready."""
        dotted = not isinstance(target, Path)
        name = name or (target.split(".")[1] if dotted and "." in target else Path(target).stem)
        module = f"services.{target}.app" if dotted and "." not in target else target
        service = Service(module, name, self.folder, self._environment(name, instance, env))
        self.services.append(service)
        if wait:
            service.wait_for("event", event="ready")
        return service

    def script(self, name, source, **options):
        """Write `source` to a file called `name`.py and start it, as a learner's service."""
        path = self.folder / f"{name}.py"
        path.write_text(textwrap.dedent(source))
        return self(path, **options)

    def together(self, *names, **env):
        """Start services that find each other by PEERS; return them as {name: Service}."""
        ports = {name: free_port() for name in names}
        peers = json.dumps({name: [f"http://127.0.0.1:{port}"] for name, port in ports.items()})
        started = {
            name: self(name, wait=False, PORT=str(port), PEERS=peers, **env)
            for name, port in ports.items()
        }
        for service in started.values():
            service.wait_for("event", event="ready")
        return started

    def close(self):
        for service in self.services:
            service.kill()

    def _environment(self, name, instance, env):
        return {
            "PYTHONPATH": str(REPOSITORY),
            "SERVICE_NAME": name,
            "INSTANCE": instance or f"{name}-1",
            "HOST": "127.0.0.1",
            "PORT": "0",
            "DATABASE_URL": f"sqlite:///{self.folder / name}.db",
            "DEMO_PASSWORD": self.password,
            **env,
        }


def free_port():
    """A port below those lent to clients: whoever is killed and restarted finds it free again."""
    for port in random.sample(range(10_000, 20_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port among a hundred")


class PostgreSQL:
    """A private cluster on 127.0.0.1, without durability, gone with the tests."""

    def __init__(self, binaries, folder):
        self.binaries, self.folder, self.port = binaries, folder, free_port()
        folder.mkdir()
        # PostgreSQL refuses to run as root.
        self.user = {"user": "nobody", "group": "nogroup"} if os.getuid() == 0 else {}
        if self.user:
            shutil.chown(folder, **self.user)
        options = ["-U", "tests", "-A", "trust", "--no-sync"]
        subprocess.run(
            [binaries / "initdb", "-D", folder / "data", *options],
            cwd=folder, stdout=subprocess.DEVNULL, check=True, **self.user,
        )  # fmt: skip
        self.start()

    def start(self):
        """Start, on the same port each time, and wait until it answers."""
        options = ["-p", str(self.port), "-h", "127.0.0.1", "-k", self.folder, "-c", "fsync=off"]
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.folder / "data", *options],
                cwd=self.folder, stdout=log, stderr=log, start_new_session=True, **self.user,
            )  # fmt: skip
        eventually(self._answers, what="PostgreSQL")

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(SECONDS)

    def create_database(self, name):
        """Create a database and return its DATABASE_URL."""
        with self._connect() as connection:
            connection.autocommit = True
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://tests@127.0.0.1:{self.port}/{name}"

    def _connect(self):
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="tests", dbname="postgres", connect_timeout=2
        )

    def _answers(self):
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True
