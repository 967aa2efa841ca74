"""What a step works with: the shop, its broker, fresh names, seeded draws, learner's services."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.checks.learner import finding_in_log, readable
from workbook.checks.outcome import (
    CannotCheck,
    Finding,
    Incorrect,
    LearnerError,
    NotAttempted,
    Verdict,
)
from workbook.shop.verbs import Verbs
from workbook.telemetry.journal import last_mishap
from workbook.waiting import patient

if TYPE_CHECKING:
    from pika.adapters.blocking_connection import BlockingChannel

    from workbook.broker import Broker
    from workbook.shop import Shop
    from workbook.shop.client import Response
    from workbook.shop.instances import Service

TIMEOUT = 5.0
NEWS_TIMEOUT = 1.0  # a death or a log line is heard some milliseconds after the response


class Harness:
    """One check's bench. What it opens is closed when the check ends.

    `harness.random` draws from `harness.seed`, which the card shows: `check(…, seed=…)` replays it.
    """

    def __init__(self, services: tuple[str, ...], seed: int) -> None:
        self.seed = seed
        self.drawn = False
        self._random = random.Random(seed)
        self.closing = ExitStack()
        self.services = {name: LearnerService(name) for name in services}
        self._broker_seen = False
        self._kept: dict[str, Any] = {}

    @property
    def random(self) -> random.Random:
        """Draws that `seed` replays."""
        self.drawn = True
        return self._random

    @property
    def shop(self) -> Shop:
        """The shop of this notebook."""
        from workbook.shop import Shop

        return Shop.current()

    @property
    def broker(self) -> Broker:
        """Its RabbitMQ; cannot check when it is missing, down or blocked as the step begins."""
        broker = self.shop.broker
        if not self._broker_seen:
            if trouble := broker.trouble():
                raise CannotCheck(trouble)
            self._broker_seen = True
        return broker

    @property
    def broker_trouble(self) -> str:
        """What is wrong with a broker that this step needed and did not kill; empty if nothing."""
        if not self._broker_seen or self.shop.broker.killed:
            return ""
        return self.shop.broker.trouble()

    def url(self, place: str = "") -> str:
        """AMQP URL of a virtual host that this check alone has; each `place` is another one."""
        return self.kept(f"vhost {place}", lambda: self.closing.enter_context(self.broker.aside()))

    @property
    def folder(self) -> Path:
        """A folder that this check alone has."""
        return self.kept("folder", self._make_folder)

    def env(self, name: str) -> dict[str, str]:
        """The configuration of the service `name`, as the shop gives it."""
        return self.shop.env(name)

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make()` returned the first time, until the check ends."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def _make_folder(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="verdict-", dir=self.shop.run_folder))
        self.closing.callback(shutil.rmtree, folder, ignore_errors=True)
        return folder

    @property
    def service(self) -> LearnerService:
        """The learner's service, the first the exercise names."""
        return next(iter(self.services.values()))

    def begin_step(self) -> None:
        """Forget what the last step saw; require the learner's services."""
        self._broker_seen = False
        for service in self.services.values():
            service.last_response = None
            service.require_running()

    def unique(self, prefix: str) -> str:
        """A name that nothing else in the shop bears, such as `file-3f9a1c20`."""
        return f"{prefix}-{uuid.uuid4().hex[:8]}"

    def channel(self, url: str = "") -> BlockingChannel:
        """A pika channel on a connection of its own, closed when the check ends."""
        import pika

        connection = pika.BlockingConnection(pika.URLParameters(url or self.broker.url))
        self.closing.callback(_close_quietly, connection)
        return connection.channel()


class LearnerService(Verbs):
    """HTTP client of the service that a `%%service` cell started.

    501 means not attempted; no answer in time is incorrect; a dead process is the learner's error,
    with its last lines. `last_response` is what the card shows.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.last_response: Response | None = None

    def request(self, method: str, path: str, **options: Any) -> Response:
        """Send a request and return the response, whatever its status but 501."""
        import requests

        from workbook.shop.client import ServiceUnreachable

        options.setdefault("timeout", round(patient(TIMEOUT)))
        try:
            response = self._client.request(method, path, **options)
        except ServiceUnreachable as unreachable:
            if not isinstance(unreachable.__cause__, requests.Timeout):
                self._await_news_of_death()
            self.require_running()
            raise Incorrect(
                Finding(
                    seen=unreachable.reason,
                    expected=f"une réponse à {method} {path}",
                    log=self.log,
                )
            ) from unreachable
        self.last_response = response
        if response.status_code == 501:
            raise NotAttempted(f"{method} {path} répond 501 : cette route reste à écrire.")
        return response

    @property
    def url(self) -> str:
        """Where it listens, for a client of your own."""
        return self._service.url

    @property
    def lines(self) -> list[str]:
        """Lines of its output so far, oldest first."""
        return [line for i in self._service.instances.values() for line in i.process.lines]

    @property
    def log(self) -> tuple[str, ...]:
        """Its last log lines, as a reader wants them."""
        return _log(self.name, self.lines, self._service.target)

    @property
    def source(self) -> Path:
        """The file of the learner's cell; not attempted if it was never run."""
        return Path(self._service.target)

    def require_running(self) -> None:
        """Not attempted if never started, the learner's error if it is dead."""
        from workbook.shop.diagnosis import failure

        service = self._service
        if service.running:
            return
        raise death(self.name, self.lines, service.target, failure(service) or "arrêté")

    def _await_news_of_death(self) -> None:
        """A broken connection may be the first sign of a dying process."""
        deadline = time.monotonic() + patient(NEWS_TIMEOUT)
        while self._service.running and time.monotonic() < deadline:
            time.sleep(0.01)

    def failure(self) -> Finding | None:
        """The exception behind the last response, when it was a 500."""
        if self.last_response is None or self.last_response.status_code != 500:
            return None
        trace, path = self.last_response.trace_id, self._service.target
        deadline = time.monotonic() + patient(NEWS_TIMEOUT)
        while time.monotonic() < deadline:
            finding = finding_in_log((line for line in self.lines if trace in line), path)
            if finding:
                return finding
            time.sleep(0.01)
        return None

    @property
    def _service(self) -> Service:
        from workbook.shop import Shop

        service = Shop.current().services.get(self.name)
        if service is None or not service.is_learners:
            raise NotAttempted(
                f"Votre service « {self.name} » n’est pas démarré : complétez puis exécutez la "
                f"cellule %%service {self.name}."
            )
        return service

    @property
    def _client(self) -> Any:
        from workbook.shop import Shop

        return Shop.current()[self.name]


def death(name: str, lines: Iterable[str], path: str, how: str) -> Verdict:
    """What to say of a learner's process that ended: not written yet, or its last exception."""
    lines = list(lines)
    finding, mishap = finding_in_log(lines, path), last_mishap(lines, path)
    if mishap and mishap.not_written:
        return NotAttempted(f"Le service « {name} » reste à écrire.")
    return LearnerError(
        Finding(
            seen=f"Le service « {name} » est mort : {finding.seen if finding else how}",
            code=finding.code if finding else "",
            expected="un processus qui tourne encore, quoi qu’il ait reçu",
            log=_log(name, lines, path),
        )
    )


def _log(name: str, lines: Iterable[str], path: str) -> tuple[str, ...]:
    return tuple(line.replace(path, name) for line in readable(lines))


def _close_quietly(connection: Any) -> None:
    """A broker killed by the step takes the connection with it."""
    import pika

    try:
        connection.close()
    except pika.exceptions.AMQPError:
        return
