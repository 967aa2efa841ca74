"""What the services' tests stand on: services as processes, a private PostgreSQL, and patience."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import textwrap
from pathlib import Path

import psycopg
import pytest
import requests
from basics import eventually
from ports import free_port

from workbook import settings
from workbook.processes.credential import Credential
from workbook.processes.launcher import Launcher
from workbook.shop.environment import service_environment
from workbook.waiting import patient

SECONDS = 20


class Service:
    """A service as the launcher runs it, `python -m services.chassis TARGET`, and what it wrote.

    Forked from this process's one helper: an interpreter of its own would cost each start a second.

    Requests show it the run's credential, as its peers' do; those of `ask_as_stranger` do not.
    """

    def __init__(self, target, name, folder, env, credential):
        self.name, self.lines, self.proof = name, [], credential.shown_to(name)
        self.environment = env
        self.process = Launcher.shared().spawn(
            name, target, self.environment, cwd=folder, on_line=self._read
        )

    def _read(self, _process, line):
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
        if self.process.returncode is not None:
            pytest.fail(f"{self.name} ended with {self.process.returncode}:\n{self.text()}")

    def text(self):
        """Everything written so far."""
        return "\n".join(json.dumps(line, ensure_ascii=False) for line in list(self.lines))

    @property
    def url(self):
        return "http://127.0.0.1:{port}".format(**self.wait_for("event", event="listening"))

    def request(self, method, path, headers=None, **options):
        return self.ask_as_stranger(
            method, path, headers={**self.proof, **(headers or {})}, **options
        )

    def ask_as_stranger(self, method, path, **options):
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
        self.process.kill()
        return self.wait()

    def stop(self):
        """SIGTERM, and the exit code."""
        self.process.terminate()
        return self.wait()

    def wait(self):
        return self.process.wait(patient(SECONDS))


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
        self.password, self.credential = secrets.token_urlsafe(8), Credential()

    def __call__(self, target, name=None, instance=None, wait=True, **env):
        """Start `target`, a service's name, a dotted module or a file; wait until it is ready."""
        dotted = not isinstance(target, Path)
        name = name or (target.split(".")[1] if dotted and "." in target else Path(target).stem)
        module = f"services.{target}.app" if dotted and "." not in target else target
        environment = self._environment(name, instance, env)
        service = Service(module, name, self.folder, environment, self.credential)
        self.services.append(service)
        if wait:
            service.wait_for("event", event="ready")
        return service

    def script(self, name, source, **options):
        """Write `source` to a file called `name`.py and start it, as a learner's service."""
        path = self.folder / f"{name}.py"
        whole = path.with_suffix(".new")
        whole.write_text(textwrap.dedent(source))
        whole.replace(path)  # an instance being born may read it at this moment: never half a file
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
        own = service_environment(
            name,
            system=settings.of_the_system(),
            instance=instance or "",
            database_url=f"sqlite:///{self.folder / name}.db",
            DEMO_PASSWORD=self.password,
            RUN_CREDENTIAL=self.credential.secret,
        )
        return own | env


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
