"""What a step works with: the shop, its broker, fresh names, seeded draws, learner's services."""

from __future__ import annotations

import random
import time
import uuid
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from workbook.checks.learner import finding_in_log, readable
from workbook.checks.outcome import CannotCheck, Finding, Incorrect, LearnerError, NotAttempted
from workbook.checks.patience import patient

if TYPE_CHECKING:
    from pika.adapters.blocking_connection import BlockingChannel

    from workbook.broker import Broker
    from workbook.client import Response
    from workbook.running import Service
    from workbook.shop import Shop

TIMEOUT = 5.0
NEWS_TIMEOUT = 1.0  # a death or a log line is heard some milliseconds after the response
BROKER_DOWN = (
    "RabbitMQ ne répond pas. Relancez-le avec `shop.broker.restart()`, puis relancez cette cellule."
)


class Lab:
    """One check's bench. What it opens is closed when the check ends.

    `lab.random` draws from `lab.seed`, which the card shows: `check(…, seed=…)` replays it.
    """

    def __init__(self, services: tuple[str, ...], seed: int) -> None:
        self.seed = seed
        self.drawn = False
        self._random = random.Random(seed)
        self.closing = ExitStack()
        self.services = {name: LearnerService(name) for name in services}
        self._broker_seen = False

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
        """Its RabbitMQ; cannot check when it is missing, or down when the step begins."""
        broker = self.shop.broker
        if not self._broker_seen:
            if not broker.running:
                raise CannotCheck(BROKER_DOWN)
            self._broker_seen = True
        return broker

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

    def channel(self) -> BlockingChannel:
        """A pika channel on a connection of its own, closed when the check ends."""
        import pika

        connection = pika.BlockingConnection(pika.URLParameters(self.broker.url))
        self.closing.callback(_close_quietly, connection)
        return connection.channel()


class LearnerService:
    """HTTP client of the service that a `%%service` cell started.

    501 means not attempted; no answer in time is incorrect; a dead process is the learner's error,
    with its last lines. `last_response` is what the card shows.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.last_response: Response | None = None

    def get(self, path: str, **options: Any) -> Response:
        """GET `path`; options are those of `requests.request` (time-out 5 s)."""
        return self.request("GET", path, **options)

    def post(self, path: str, json: object = None, **options: Any) -> Response:
        """POST `json` to `path`."""
        return self.request("POST", path, json=json, **options)

    def put(self, path: str, json: object = None, **options: Any) -> Response:
        """PUT `json` at `path`."""
        return self.request("PUT", path, json=json, **options)

    def patch(self, path: str, json: object = None, **options: Any) -> Response:
        """PATCH `path` with `json`."""
        return self.request("PATCH", path, json=json, **options)

    def delete(self, path: str, **options: Any) -> Response:
        """DELETE `path`."""
        return self.request("DELETE", path, **options)

    def request(self, method: str, path: str, **options: Any) -> Response:
        """Send a request and return the response, whatever its status but 501."""
        import requests

        from workbook.client import ServiceUnreachable

        options.setdefault("timeout", round(patient(TIMEOUT)))
        try:
            response = self._client.request(method, path, **options)
        except ServiceUnreachable as unreachable:
            if not isinstance(unreachable.__cause__, requests.Timeout):
                self._await_news_of_death()
            self.require_running()
            raise Incorrect(
                Finding(
                    seen=str(unreachable).split(" Relancez")[0],
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
        path = self._service.target
        return tuple(line.replace(path, self.name) for line in readable(self.lines))

    def require_running(self) -> None:
        """Not attempted if never started, the learner's error if it is dead."""
        from workbook.diagnosis import failure

        service = self._service
        if service.running:
            return
        finding = finding_in_log(self.lines, service.target)
        if finding and finding.seen.startswith("NotImplementedError"):
            raise NotAttempted(f"Le service « {self.name} » reste à écrire.")
        seen = finding.seen if finding else failure(service)
        code = finding.code if finding else ""
        raise LearnerError(
            Finding(
                seen=f"Le service « {self.name} » est mort : {seen}",
                code=code,
                expected="un processus qui tourne encore après chaque requête",
                log=self.log,
            )
        )

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
        if service is None or not service.target.endswith(".py"):
            raise NotAttempted(
                f"Votre service « {self.name} » n’est pas démarré : complétez puis exécutez la "
                f"cellule %%service {self.name}."
            )
        return service

    @property
    def _client(self) -> Any:
        from workbook.shop import Shop

        return Shop.current()[self.name]


def _close_quietly(connection: Any) -> None:
    """A broker killed by the step takes the connection with it."""
    import pika

    try:
        connection.close()
    except pika.exceptions.AMQPError:
        return
