"""The fleet: the life and death of a shop's services, as real processes.

It composes the launcher, which knows processes but no service, with the catalogue, and gives each
service its whole configuration through the environment (12-factor).
"""

from __future__ import annotations

import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from workbook import settings
from workbook.errors import WorkbookError
from workbook.processes.credential import Credential
from workbook.processes.launcher import Launcher, Process
from workbook.shop import direct
from workbook.shop.databases import copy_databases, put_back
from workbook.shop.diagnosis import absence, silence, start_failure
from workbook.shop.environment import chosen_settings, service_environment
from workbook.shop.instances import Instance, Service
from workbook.shop.listing import await_listed
from workbook.shop.services import MICROSERVICES, described
from workbook.telemetry.spans import EXITED, Telemetry, parse, service_of
from workbook.waiting import patient

START_TIMEOUT = 20.0
STOP_TIMEOUT = 7.0
MOST_INSTANCES = 16


class UnknownService(WorkbookError):
    """No service of that name runs here."""


class Fleet:
    """The services of one shop. `on_change()` is called whenever one is born, heard or dead."""

    def __init__(
        self,
        telemetry: Telemetry,
        broker_url: Callable[[], str | None],
        on_change: Callable[[], None],
    ) -> None:
        self.services: dict[str, Service] = {}
        self.password = secrets.token_urlsafe(12)
        self.credential = Credential()
        self._telemetry = telemetry
        self._broker_url = broker_url
        self._changed = on_change
        self._launcher = Launcher.shared()
        settings.reach_this_machine_directly()

    @property
    def run_folder(self) -> Path:
        """Everything this run writes; gone with it."""
        return self._launcher.run_folder

    def known(self, name: str) -> Service:
        """Return the service, created without instance if the shop's catalogue has it."""
        if name not in self.services:
            if not described(name).target:
                raise UnknownService(
                    f"« {name} » n’est pas un service de la boutique. "
                    f"Elle connaît : {', '.join((*MICROSERVICES, 'monolith'))}."
                )
            self.services[name] = Service(described(name), described(name).target)
        return self.services[name]

    def service(self, name: str) -> Service:
        """Return the service of that name, or of that instance's name."""
        found = self.services.get(name) or self.services.get(service_of(name))
        if found is None:
            raise UnknownService(
                f"« {name} » ne fait pas partie de la boutique ouverte. "
                f"Services : {', '.join(self.services) or 'aucun'}."
            )
        return found

    # -- starting -----------------------------------------------------------------------------

    def open(self, names: Iterable[str], replaced: Iterable[str] = ()) -> None:
        """Bring the named services, and the registry they find each other by, to a healthy start.

        At its end peers find none of the `replaced` instances. Raises `ServiceFailed` with the
        reason, and `UnknownService` before anything is started.
        """
        wanted = [self.known(name) for name in dict.fromkeys(names)]
        for service in wanted:
            service.shown = True
        if any(service.name != "monolith" for service in wanted):
            wanted = [self._registry(), *(w for w in wanted if w.name != "registry")]
        for service in wanted:
            self._heal(service)
        self._changed()
        self._await_found(wanted, replaced)

    def serve(self, name: str, source: str, worker: bool = False) -> None:
        """Run learner code as the real process `name`, instead of the service of that name."""
        if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
            raise WorkbookError(
                f"« {name} » ne peut pas nommer un service : des minuscules, des chiffres "
                "et des traits d’union, comme « products »."
            )
        path = self._write_source(name, source)
        replaced = set(self.services[name].instances) if name in self.services else set()
        if replaced:
            self.kill(name)
        service = self.services[name] = Service(described(name), str(path), worker)
        self._start(service, [(f"{name}-1", None)], replaced)

    def withdraw(self, name: str) -> None:
        """End the learner's service of that name, if one runs, and put nothing in its place."""
        if name in self.services and self.services[name].is_learners:
            self.kill(name)
            del self.services[name]
            self._changed()

    def reset(self, name: str) -> None:
        """Give the shop its own service back, in place of the learner's of that name."""
        replaced = set(self.service(name).instances)
        self.kill(name)
        if described(name).target:
            del self.services[name]
            self.open([name], replaced)

    def restart(self, name: str) -> None:
        """Kill what runs and start as many instances again, at the same addresses where free."""
        service = self.service(name)
        chosen = service.named(name)
        for instance in chosen:
            instance.kill()
        service.faults.pop("crash", None)  # armed for the process that died of it
        self._start(service, [(instance.name, instance.port) for instance in chosen])

    def scale(self, name: str, n: int) -> None:
        """Run `n` instances of a service; the newest leave first, by SIGTERM."""
        if not 0 <= n <= MOST_INSTANCES:
            raise WorkbookError(
                f"On peut demander de 0 à {MOST_INSTANCES} instances ; {n} est hors des bornes."
            )
        service = self.service(name)
        self._terminate(service.running[n:])
        service.forget_dead()
        missing = service.free_names(n - len(service.running))
        self._start(service, [(free, None) for free in missing])

    # -- ending -------------------------------------------------------------------------------

    def stop(self, names: Iterable[str]) -> None:
        """End services as an orchestrator would: SIGTERM, time to finish, then SIGKILL."""
        self._terminate([i for name in names for i in self.service(name).running])
        self._changed()

    def kill(self, name: str) -> None:
        """`kill -9`: nothing is finished, nobody is told."""
        for instance in self.service(name).named(name):
            instance.kill()
        self._changed()

    def _terminate(self, instances: list[Instance]) -> None:
        for instance in instances:
            instance.resume()
            instance.process.terminate()
        deadline = time.monotonic() + STOP_TIMEOUT
        for instance in instances:
            if instance.process.wait(max(0.0, deadline - time.monotonic())) is None:
                instance.kill()

    # -- troubling ----------------------------------------------------------------------------

    def pause(self, name: str) -> None:
        """SIGSTOP: the process still holds its port, and answers nobody."""
        for instance in self.service(name).named(name):
            instance.pause()
        self._changed()

    def resume(self, name: str) -> None:
        """SIGCONT: the process goes on where it was stopped."""
        for instance in self.service(name).named(name):
            instance.resume()
        self._changed()

    def fault(self, name: str, faults: dict[str, object]) -> None:
        """Switch named faults of the running instances, and of those to come."""
        service = self.service(name)
        before, service.faults = service.faults, service.faults | faults
        try:
            self._apply_faults(service)
        except WorkbookError:
            service.faults = before
            raise
        self._changed()

    def _apply_faults(self, service: Service) -> None:
        headers = self.credential.shown_to(service.name)
        with direct.session() as session:
            for instance in service.running:
                url = f"{instance.url}/internal/faults"
                response = session.put(
                    url, json=service.faults, headers=headers, timeout=patient(5)
                )
                if not response.ok:
                    raise WorkbookError(
                        f"« {service.name} » a refusé cette panne : {response.status_code} "
                        f"{response.text[:300]}"
                    )

    # -- within -------------------------------------------------------------------------------

    def env(
        self, name: str, instance: str | None = None, port: int | None = None
    ) -> dict[str, str]:
        """Return the environment a service is started with: its whole configuration."""
        variables = {
            "RUN_CREDENTIAL": self.credential.secret,
            "ALLOWED_HOSTS": _public_names(),
            "DEMO_PASSWORD": self.password,
            **chosen_settings(),
        }
        registry = self.services.get("registry")
        if registry and registry.running and name != "registry":
            variables["REGISTRY_URL"] = registry.url
        if broker_url := self._broker_url():
            variables["RABBITMQ_URL"] = broker_url
        return service_environment(
            name,
            system=settings.of_the_system(),
            instance=instance or "",
            port=port or 0,
            database_url=self._database_url(name),
            **variables,
        )

    def _database_url(self, name: str) -> str:
        if url := settings.database_url(name):
            return url
        self._database_file(name).parent.mkdir(exist_ok=True)
        return f"sqlite:///{self._database_file(name)}"

    def _database_file(self, name: str) -> Path:
        return self.run_folder / "data" / f"{name}.db"

    def keeps_data(self, service: Service) -> bool:
        """Whether a service has a database: its file is there, or it is known to use a server."""
        if settings.database_url(service.name):
            return service.description.database
        return self._database_file(service.name).exists()

    def copy_data(self) -> Path:
        """Copy the databases of this run as they are now; return the folder of the copies."""
        folder = self.run_folder / "copies"
        try:
            folder.mkdir(exist_ok=True)
            copies = folder / str(len(list(folder.iterdir())))
            copy_databases(self.run_folder, copies)
        except (OSError, sqlite3.Error) as error:
            raise WorkbookError(
                f"Impossible de copier les bases de données de {self.run_folder} : {error}. "
                "Libérez de la place sur ce disque, ou attendez la fin de la transaction en cours."
            ) from error
        return copies

    @contextmanager
    def on_data(self, copies: Path) -> Iterator[None]:
        """A block in which the services run on those copies; after it, on today's data again.

        They are started anew each time. Queues, and a database server, stay as they are.
        """
        today = self.copy_data()
        self._change_data(copies)
        try:
            yield
        finally:
            self._change_data(today)

    def _change_data(self, copies: Path) -> None:
        services = [s for s in self.services.values() if s.running and s.name != "registry"]
        running = [(service, instance) for service in services for instance in service.running]
        for _, instance in running:
            instance.kill()
        put_back(copies, self.run_folder)
        for service, instance in running:
            self._spawn(service, instance.name, instance.port)
        self._changed()
        self._await_found(services)
        for service in services:
            if service.faults:
                self._apply_faults(service)

    def _write_source(self, name: str, source: str) -> Path:
        # No module can have that name: a service called statistics may import statistics.
        path = self.run_folder / "learner" / f"service-{name}.py"
        try:
            path.parent.mkdir(exist_ok=True)
            draft = path.with_suffix(".new")
            draft.write_text(source, encoding="utf-8")
            draft.replace(path)  # an instance being born reads the old file or the new one
        except OSError as error:
            raise WorkbookError(
                f"Impossible d’écrire {path} : {error.strerror}. "
                "Libérez de la place sur ce disque, puis relancez la cellule."
            ) from error
        return path

    def _registry(self) -> Service:
        """The registry is there for all, but on the map only when asked for by name."""
        if "registry" not in self.services:
            self.known("registry").shown = False
        return self.services["registry"]

    def _heal(self, service: Service) -> None:
        """Give a service one running, unpaused, faultless instance at least."""
        for instance in service.running:
            if instance.paused:
                instance.resume()
        if service.faults:
            service.faults = {}
            self._apply_faults(service)
        if not service.running:
            dead = service.dead
            name, port = (dead[0].name, dead[0].port) if dead else (f"{service.name}-1", None)
            self._spawn(service, name, port)
        service.forget_dead()
        if service.name == "registry":
            self._await_listening(service)

    def _start(
        self,
        service: Service,
        places: list[tuple[str, int | None]],
        replaced: Iterable[str] = (),
    ) -> None:
        for name, port in places:
            self._spawn(service, name, port)
        self._changed()
        self._await_found([service], replaced)
        if service.faults:
            self._apply_faults(service)

    def _spawn(self, service: Service, instance_name: str, port: int | None) -> None:
        instance = Instance(instance_name)
        instance.process = self._launcher.spawn(
            instance_name,
            service.target,
            self.env(service.name, instance_name, port),
            cwd=self.run_folder,
            on_line=partial(self._on_line, instance),
            on_exit=partial(self._on_exit, instance),
        )
        service.instances[instance_name] = instance

    def _await_listening(self, service: Service) -> None:
        # The launcher's own imports, long on a busy machine, are not the service's silence.
        timeout = patient(START_TIMEOUT)
        self._launcher.wait_ready(timeout)
        deadline = time.monotonic() + timeout
        for instance in list(service.instances.values()):
            left = max(0.0, deadline - time.monotonic())
            if service.worker:
                instance.await_work(left)
            heard = service.worker or instance.paused or instance.heard.wait(left)
            if not instance.running:
                raise start_failure(service, instance)
            if not heard:
                raise silence(service, instance, timeout)

    def _await_found(self, services: list[Service], replaced: Iterable[str] = ()) -> None:
        """Wait until each instance listens, and the registry sends its peers to it alone.

        For a while after kill -9 the registry lists the old address, under the same name perhaps.
        """
        for service in services:
            self._await_listening(service)
        registry = self.services.get("registry")
        if registry is None or not registry.running:
            return
        expected = {
            (instance.name, instance.port): service
            for service in services
            if service is not registry and not service.worker
            for instance in service.running
            if not instance.paused
        }
        timeout = patient(START_TIMEOUT)
        if missing := await_listed(registry.url, set(expected), set(replaced), timeout):
            raise absence(expected[min(missing)], timeout)

    def _on_line(self, instance: Instance, _: Process, line: str) -> None:
        record = parse(line)
        if instance.url is None and record.get("event") == "listening":
            instance.url = f"http://{record['host']}:{record['port']}"
            instance.heard.set()
            self._changed()
        self._telemetry.feed(instance.name, record)

    def _on_exit(self, instance: Instance, process: Process) -> None:
        ended = {"kind": "event", "event": EXITED, "code": process.returncode}
        self._telemetry.feed(instance.name, ended)
        instance.heard.set()
        self._changed()


def _public_names() -> str:
    """The names under which a proxy passes requests on to the services, besides this machine's.

    A hub's public name is not told to its notebooks. No browser runs beside them, which a page
    could turn against the services: there any name will do.
    """
    return settings.allowed_hosts() or ("*" if settings.jupyterhub_prefix() else "")
