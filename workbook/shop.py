"""The shop: real services and a real broker, opened, called, broken and watched from a notebook.

One shop a kernel. It composes the fleet (processes), the broker and the telemetry (what was
observed); views and checks stand on it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from workbook.catalogue import MICROSERVICES
from workbook.diagnosis import failure, warning
from workbook.errors import WorkbookError
from workbook.fleet import Fleet, UnknownService
from workbook.journal import Journal, records_of
from workbook.running import Service
from workbook.telemetry import Telemetry

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    import networkx as nx

    from workbook.broker import Broker
    from workbook.client import Client, Response
    from workbook.graph import BrokerState, ServiceState
    from workbook.traffic import Traffic

LOGIN_PATIENCE = 15.0
SHOP_FRONT = tuple(name for name in MICROSERVICES if name != "registry")


class Shop:
    """The running shop. `Shop.start()` opens it; the same kernel always gets the same one."""

    #: Gives the module that draws; handed over by `workbook`, so that no arrow points up.
    views: ClassVar[Callable[[], ModuleType]]
    _current: ClassVar[Shop | None] = None

    def __init__(self) -> None:
        self.telemetry = Telemetry()
        self._fleet = Fleet(self.telemetry, self._broker_url, self._changed)
        self._broker: Broker | None = None
        self._topology: dict[str, object] = {}
        self._clients: dict[str, Client] = {}
        self._token: str | None = None
        self._traffic: Traffic | None = None
        self._map = None
        self._last_trace: str | None = None
        self._closed = threading.Event()

    # -- opening and closing ------------------------------------------------------------------

    @classmethod
    def current(cls) -> Shop:
        """Return this kernel's shop, opened with nothing in it if need be."""
        if cls._current is None or cls._current.closed:
            cls._current = cls()
        return cls._current

    @classmethod
    def start(cls, *names: str, broker: bool | None = None) -> Shop:
        """Start the named services (all but the monolith when none is named); return the shop.

        Running it again returns the same shop, healthy: what died is started again, what was
        paused or slowed is no longer. `broker` forces or forbids RabbitMQ; by default it is
        started when a service needs it. Raises `ServiceFailed`, `UnknownService`.
        """
        shop = cls.current()
        names = names or SHOP_FRONT
        wanted = [shop._fleet.known(name) for name in names]
        if broker or (broker is None and any(service.entry.broker for service in wanted)):
            shop._open_broker()
        shop._fleet.open(names)
        return shop

    def stop(self, *names: str) -> None:
        """Stop the named services by SIGTERM; without a name, close the shop and its broker."""
        if not names:
            self._closed.set()
            if self._map is not None:
                self._map.freeze()
            self.stop_traffic()
        self._fleet.stop(names or tuple(self._fleet.services))
        if not names and self._broker is not None:
            self._broker.close()
            self._broker = None

    @property
    def closed(self) -> bool:
        """Whether `stop()` has ended it all."""
        return self._closed.is_set()

    @property
    def run_folder(self) -> Path:
        """Everything this run writes; gone with it."""
        return self._fleet.run_folder

    @property
    def services(self) -> dict[str, Service]:
        """The services by name, dead ones included."""
        return self._fleet.services

    # -- breaking and mending -----------------------------------------------------------------

    def kill(self, name: str) -> None:
        """`kill -9` every instance of a service, or one (`"orders-2"`)."""
        self._fleet.kill(name)

    def pause(self, name: str) -> None:
        """SIGSTOP: the process still holds its port, and answers nobody."""
        self._fleet.pause(name)

    def resume(self, name: str) -> None:
        """SIGCONT: the process goes on where it was stopped."""
        self._fleet.resume(name)

    def restart(self, name: str) -> None:
        """Kill what runs and start as many instances again, at the same addresses where free."""
        self._fleet.restart(name)

    def scale(self, name: str, n: int) -> None:
        """Run `n` instances of a service, 0 to 16."""
        self._fleet.scale(name, n)

    def slow(self, name: str, seconds: float) -> None:
        """Make every answer of a service take `seconds` more; 0 ends it."""
        self._fleet.fault(name, {"slow": seconds})

    def fault(self, name: str, **faults: object) -> None:
        """Switch named faults of a running service.

        slow (s), error_rate (0..1), hang (bool), crash ("orders:after_charge:2": the process dies
        the second time it passes that named line; the names are in its crash_points.py).
        """
        self._fleet.fault(name, faults)

    # -- calling ------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Client:
        """Return a client that calls the service directly, without the gateway."""
        self._fleet.service(name)
        if name not in self._clients:
            self._clients[name] = self._client(name, lambda: self._token, self._record)
        return self._clients[name]

    def get(self, path: str, **options: object) -> Response:
        """GET `path` through the gateway."""
        return self._front.get(path, **options)

    def post(self, path: str, json: object = None, **options: object) -> Response:
        """POST `json` to `path` through the gateway."""
        return self._front.post(path, json, **options)

    def put(self, path: str, json: object = None, **options: object) -> Response:
        """PUT `json` at `path` through the gateway."""
        return self._front.put(path, json, **options)

    def patch(self, path: str, json: object = None, **options: object) -> Response:
        """PATCH `path` with `json` through the gateway."""
        return self._front.patch(path, json, **options)

    def delete(self, path: str, **options: object) -> Response:
        """DELETE `path` through the gateway."""
        return self._front.delete(path, **options)

    def sign_in(self, username: str = "alice") -> str:
        """Sign in at the gateway; later calls carry the token. Accounts: alice, bob, admin."""
        self._token = None
        self._token = self._log_in(username)
        return self._token

    def sign_out(self) -> None:
        """Forget the token."""
        self._token = None

    def start_traffic(self, rate: float = 5.0, seed: int = 1) -> None:
        """Send `rate` requests per second through the gateway until `stop_traffic()`."""
        from workbook.traffic import Traffic

        self.stop_traffic()
        token = self._log_in("bob") if "auth" in self.services else None
        shopper = self._client(self._front.peer, lambda: token, self.telemetry.add)
        self._traffic = Traffic(shopper, rate, seed)
        self._traffic.start()

    def stop_traffic(self) -> None:
        """Stop the traffic generator, if it runs."""
        if self._traffic is not None:
            self._traffic.stop()
            self._traffic = None

    # -- looking ------------------------------------------------------------------------------

    def logs(self, name: str, lines: int = 20) -> Journal:
        """Return the last `lines` log lines of a service or an instance, spans left out."""
        found = [
            record
            for instance in self._fleet.service(name).named(name)
            for record in records_of(instance.process.lines)
        ]
        return Journal(sorted(found, key=lambda record: record.get("timestamp", ""))[-lines:])

    def graph(self) -> nx.DiGraph:
        """Return the architecture observed until now; see `workbook.graph.observed_graph`."""
        from workbook.graph import observed_graph

        shown = [service for service in list(self.services.values()) if service.shown]
        states = [_state(service, self._fleet.keeps_data(service)) for service in shown]
        return observed_graph(
            states, self._broker_state(), self.telemetry, "La boutique — carte en direct"
        )

    def map(self) -> object:
        """Return the live map: it updates by itself and carries the buttons that break things."""
        if self._map is None:
            self._map = self.views().LiveMap(self.graph, self)
        return self._map

    def trace(self, trace: str | Response | None = None) -> object:
        """Waterfall of one request: a response, a trace id, or the last request."""
        return self.views().waterfall(self.spans(trace))

    def sequence(self, trace: str | Response | None = None) -> object:
        """Sequence diagram of one request, across HTTP and the broker."""
        return self.views().sequence(self.spans(trace))

    def spans(self, trace: str | Response | None = None) -> list[dict]:
        """Return the spans of one request once they have all come in, oldest first."""
        trace_id = getattr(trace, "trace_id", trace) or self._last_trace
        return self.telemetry.settled_spans(trace_id) if trace_id else []

    # -- learner's services -------------------------------------------------------------------

    def serve(self, name: str, source: str, worker: bool = False) -> None:
        """Run `source` as the real process `name`, instead of the service of that name if any.

        A service is awaited until it listens; a worker (a consumer with no HTTP) until it runs.
        Raises `ServiceFailed` with the failing line.
        """
        self._fleet.serve(name, source, worker)

    def reset(self, name: str) -> None:
        """Give the shop its own service back, in place of the learner's of that name."""
        self._fleet.reset(name)

    def env(self, name: str) -> dict[str, str]:
        """Return the environment a service is started with: its whole configuration."""
        return self._fleet.env(name)

    # -- within -------------------------------------------------------------------------------

    @property
    def broker(self) -> Broker:
        """This run's RabbitMQ; raises `BrokerMissing` with the ways to get one."""
        if self._broker is None:
            from workbook.broker import Broker

            self._broker = Broker.start(run_folder=self.run_folder, progress=print)
        return self._broker

    @property
    def _front(self) -> Client:
        for name in ("gateway", "monolith"):
            if name in self.services:
                return self[name]
        raise UnknownService(
            "La passerelle n’est pas démarrée : ajoutez « gateway » à Shop.start(…), "
            'ou appelez un service directement, comme shop["products"].get("/products").'
        )

    def _open_broker(self) -> None:
        """Get a broker if there is one to get; without, the shop opens and says what it lacks."""
        from workbook.broker import BrokerMissing

        try:
            _ = self.broker
        except BrokerMissing as missing:
            print(missing)

    def _broker_url(self) -> str | None:
        return self._broker.url if self._broker is not None else None

    def _broker_state(self) -> BrokerState | None:
        if self._broker is None:
            return None
        from workbook.broker import BrokerError
        from workbook.graph import BrokerState

        try:
            topology = {**self._broker.topology(), "depths": self._broker.depths()}
        except BrokerError:
            return BrokerState(**self._topology, failure="RabbitMQ ne répond plus")
        # Who consumed once stays on the map: its queue must show whom it waits for.
        consumers = [*self._topology.get("consumers", ()), *topology["consumers"]]
        topology["consumers"] = list({(c["queue"], c["instance"]): c for c in consumers}.values())
        self._topology = topology
        return BrokerState(**topology)

    def _client(
        self, name: str, token: Callable[[], str | None], record: Callable[[dict], None]
    ) -> Client:
        from workbook.client import Client

        return Client(name, lambda: self.services[name].url, record, token)

    def _log_in(self, username: str) -> str:
        credentials = {"username": username, "password": self._fleet.password}
        deadline = time.monotonic() + LOGIN_PATIENCE
        response = self.post("/auth/login", credentials)
        # A slow machine may still be making the first key and hashing the passwords.
        while response.status_code in {503, 504} and time.monotonic() < deadline:
            self._closed.wait(0.2)
            response = self.post("/auth/login", credentials)
        if not response.ok:
            raise WorkbookError(f"La connexion de « {username} » a échoué : {response!r}")
        return response.json()["access_token"]

    def _record(self, span: dict) -> None:
        self._last_trace = span["trace_id"]
        self.telemetry.add(span)

    def _changed(self) -> None:
        if self._map is not None:
            self._map.notify()

    def __repr__(self) -> str:
        if not self.services:
            return "La boutique est fermée : aucun service."
        width = max(map(len, self.services))
        return "\n".join(f"{name:<{width}}  {_place(s)}" for name, s in self.services.items())


def _state(service: Service, database: bool) -> ServiceState:
    from workbook.graph import ServiceState

    return ServiceState(
        name=service.name,
        label=service.entry.label,
        database=database,
        instances=len(service.running),
        listening=sum(bool(i.url) or service.worker for i in service.running),
        failure=failure(service),
        warning=warning(service),
    )


def _place(service: Service) -> str:
    if not service.running:
        return failure(service) or "arrêté"
    paused = "  (en pause)" if any(i.paused for i in service.running) else ""
    return ", ".join(i.url or "démarre…" for i in service.running) + paused
