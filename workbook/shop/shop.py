"""The shop: real services and a real broker, opened, called, broken and watched from a notebook.

One shop a kernel. It composes the fleet (processes), the broker and the telemetry (what was
observed); views and checks stand on it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from workbook import views
from workbook.errors import WorkbookError
from workbook.shop.diagnosis import failure, warning
from workbook.shop.environment import missing_exporter
from workbook.shop.fleet import Fleet, UnknownService
from workbook.shop.instances import Instance, Service
from workbook.shop.services import MICROSERVICES
from workbook.shop.verbs import Verbs
from workbook.telemetry.journal import Journal, records_of
from workbook.telemetry.spans import Telemetry

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx

    from workbook.broker import Broker
    from workbook.incident import Incident, Recorder
    from workbook.incident.tape import Asked, States
    from workbook.shop.broker_pages import BrokerPages
    from workbook.shop.client import Client, Response
    from workbook.shop.signing_in import SignedIn
    from workbook.shop.traffic import Traffic
    from workbook.telemetry.graph import BrokerState, ServiceState

THEMES = ("light", "dark")
SHOP_FRONT = tuple(name for name in MICROSERVICES if name != "registry")


class Shop(Verbs):
    """The running shop. `Shop.start()` opens it; the same kernel always gets the same one."""

    _current: ClassVar[Shop | None] = None

    def __init__(self) -> None:
        self.telemetry = Telemetry()
        self._fleet = Fleet(self.telemetry, self._broker_url, self._changed)
        self._broker: Broker | None = None
        self._topology: dict[str, object] = {}
        self._clients: dict[str, Client] = {}
        self._customer: SignedIn | None = None
        self._traffic: Traffic | None = None
        self._map = None
        self._theme = "light"
        self._recorder: Recorder | None = None
        self.incident: Incident | None = None
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
        if broker or (broker is None and any(service.description.broker for service in wanted)):
            shop._open_broker()
        if absent := missing_exporter():
            print(absent)
        shop._fleet.open(names)
        return shop

    def stop(self, *names: str) -> None:
        """Stop the named services by SIGTERM; without a name, close the shop and its broker."""
        if not names:
            self._closed.set()
            if self._map is not None:
                self._map.freeze()
            self._end_traffic()
            self._stop_recording()
        self._did("stop", *names)
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
        self._did("kill", name)
        self._fleet.kill(name)

    def pause(self, name: str) -> None:
        """SIGSTOP: the process still holds its port, and answers nobody."""
        self._did("pause", name)
        self._fleet.pause(name)

    def resume(self, name: str) -> None:
        """SIGCONT: the process goes on where it was stopped."""
        self._did("resume", name)
        self._fleet.resume(name)

    def restart(self, name: str) -> None:
        """Kill what runs and start as many instances again, at the same addresses where free."""
        self._did("restart", name)
        self._fleet.restart(name)

    def scale(self, name: str, n: int) -> None:
        """Run `n` instances of a service, 0 to 16."""
        self._did("scale", name, n)
        self._fleet.scale(name, n)

    def slow(self, name: str, seconds: float) -> None:
        """Make every answer of a service take `seconds` more; 0 ends it."""
        self._did("slow", name, seconds)
        self._fleet.fault(name, {"slow": seconds})

    def fault(self, name: str, **faults: object) -> None:
        """Switch named faults of a running service.

        slow (s), error_rate (0..1), hang (bool), crash ("orders:after_charge:2": the process dies
        the second time it passes that named line; the names are in its crash_points.py).
        """
        self._did("fault", name, **faults)
        self._fleet.fault(name, faults)

    # -- calling ------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Client:
        """Return a client that calls the service directly, without the gateway."""
        self._fleet.service(name)
        if name not in self._clients:
            self._clients[name] = self._client(
                name, self._token, self._record, partial(self._heard, name, self._username, True)
            )
        return self._clients[name]

    def request(self, method: str, path: str, **options: object) -> Response:
        """Send a request through the gateway; `get`, `post`, `put`, `patch`, `delete` do."""
        return self._front.request(method, path, **options)

    def sign_in(self, username: str = "alice") -> str:
        """Sign in at the gateway; return the token. Accounts: alice, bob, admin.

        Later calls carry a token that is renewed in time; one given as `headers=` is sent as it is.
        """
        self._did("sign_in", username)
        self._customer = None
        self._customer = self._log_in(username, self._record)
        return self._customer.token()

    def sign_out(self) -> None:
        """Forget who signed in."""
        self._customer = None

    def start_traffic(self, rate: float = 5.0, seed: int = 1) -> None:
        """Send `rate` requests per second through the gateway until `stop_traffic()`."""
        from workbook.shop.traffic import Traffic

        self._end_traffic()
        self._did("start_traffic", rate)
        shopper = self._shopper(self._front.peer, "bob" if "auth" in self.services else None)
        self._traffic = Traffic(shopper, rate, seed)
        self._traffic.start()

    def stop_traffic(self) -> None:
        """Stop the traffic generator, if it runs."""
        self._did("stop_traffic")
        self._end_traffic()

    def _end_traffic(self) -> None:
        if self._traffic is not None:
            self._traffic.stop()
            self._traffic = None

    # -- looking ------------------------------------------------------------------------------

    def logs(
        self, name: str | None = None, lines: int = 20, trace: str | Response | None = None
    ) -> Journal:
        """Return the last `lines` log lines, spans left out, of a service, an instance, or of all.

        `trace`, a response or its id, keeps the lines of that request, once they have come in.
        """
        id = getattr(trace, "trace_id", trace)
        if id:
            self.telemetry.settled_spans(id)
        found = [
            record
            for instance in self._instances(name)
            for record in records_of(instance.process.lines)
            if not id or record.get("trace_id") == id
        ]
        latest = sorted(found, key=lambda record: record.get("timestamp", ""))[-lines:]
        return Journal(latest, named=name is None)

    def _instances(self, name: str | None) -> list[Instance]:
        """Those of a service, or the one that is called so; all of them without a name."""
        if name is not None:
            return self._fleet.service(name).named(name)
        return [one for service in self.services.values() for one in service.named(service.name)]

    def graph(self) -> nx.DiGraph:
        """Return the architecture observed until now; see `telemetry.graph.observed_graph`."""
        from workbook.telemetry.graph import observed_graph

        return observed_graph(*self.observe(), self.telemetry, "La boutique — carte en direct")

    def observe(self) -> States:
        """Return the states of the services shown on the map, and of the broker."""
        from workbook.incident.tape import States

        broker = self._broker_state()
        # Last, at once: the broker takes its time, and a process may die meanwhile.
        shown = [service for service in list(self.services.values()) if service.shown]
        services = [_state(service, self._fleet.keeps_data(service)) for service in shown]
        states = States(services, broker)
        if self._recorder is not None:
            self._recorder.saw(states)
        return states

    def record(self) -> Incident:
        """Record what happens from now on: `with shop.record() as incident: …`.

        A recording under way ends here: one at a time. The last one stays in `shop.incident`.
        """
        from workbook.incident import Incident, Recorder

        self._stop_recording()
        before = self._fleet.copy_data()
        self._recorder = Recorder(self)
        self._recorder.start()
        self.incident = Incident(self, self._recorder, before=before)
        return self.incident

    def map(self, theme: str | None = None) -> object:
        """Return the live map: it updates by itself and carries the buttons that break things.

        `theme="dark"` (or `"light"`) holds for the map and the pictures of traces to come.
        """
        self._theme = _theme(theme or self._theme)
        if self._map is None:
            self._map = views.LiveMap(self.graph, self, theme=self._theme)
        self._map.wear(self._theme)
        return self._map

    def trace(self, trace: str | Response | None = None) -> object:
        """Waterfall of one request: a response, a trace id, or the last request."""
        return views.waterfall(self.spans(trace), self._theme)

    def sequence(self, trace: str | Response | None = None) -> object:
        """Sequence diagram of one request, across HTTP and the broker."""
        return views.sequence(self.spans(trace), self._theme)

    def spans(self, trace: str | Response | None = None) -> list[dict]:
        """Return the spans of one request once they have all come in, oldest first."""
        trace_id = getattr(trace, "trace_id", trace) or self._last_trace
        return self.telemetry.settled_spans(trace_id) if trace_id else []

    def broker_pages(self) -> BrokerPages:
        """RabbitMQ's own pages, in a browser: their address, and how to sign in there."""
        from workbook.shop.broker_pages import BrokerPages

        return BrokerPages(self.broker)

    # -- learner's services -------------------------------------------------------------------

    def serve(self, name: str, source: str, worker: bool = False) -> None:
        """Run `source` as the real process `name`, instead of the service of that name if any.

        A service is awaited until it listens; a worker (a consumer with no HTTP) until it runs.
        Raises `ServiceFailed` with the failing line.
        """
        self._did("serve", name)
        self._fleet.serve(name, source, worker)

    def withdraw(self, name: str) -> None:
        """End the learner's service of that name, if one runs, and put nothing in its place."""
        self._did("withdraw", name)
        self._fleet.withdraw(name)

    def reset(self, name: str) -> None:
        """Give the shop its own service back, in place of the learner's of that name."""
        self._did("reset", name)
        self._fleet.reset(name)

    def env(self, name: str) -> dict[str, str]:
        """Return the environment a service is started with: its whole configuration."""
        return self._fleet.env(name)

    # -- playing an incident again ------------------------------------------------------------

    def heal(self, names: list[str]) -> None:
        """Bring back the named services, one instance each, as `Shop.start` does."""
        self._end_traffic()
        self._fleet.open(names)

    def on_data(self, copies: Path) -> AbstractContextManager[None]:
        """A block in which the services run on those copies of their data."""
        return self._fleet.on_data(copies)

    def customer(self, peer: str, username: str | None) -> Callable[[Asked], object]:
        """Return what sends a recorded request to `peer` as `username` (None: as nobody)."""
        client = self._shopper(peer, username)
        return lambda asked: client.request(
            asked.method, asked.path, json=asked.json, headers=asked.headers
        )

    # -- within -------------------------------------------------------------------------------

    @property
    def broker(self) -> Broker:
        """This run's RabbitMQ; raises `BrokerMissing` with the ways to get one."""
        if self._broker is None:
            from workbook.broker import Broker

            self._broker = Broker.start(run_folder=self.run_folder, progress=print)
            self._broker.told = lambda act: self._did(f"broker.{act}")
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
        from workbook.telemetry.graph import BrokerState

        try:
            topology = {**self._broker.topology(), "depths": self._broker.depths()}
            alarms = self._broker.alarms()
        except BrokerError:
            return BrokerState(**self._topology, failure="RabbitMQ ne répond plus")
        # Who consumed once stays on the map: its queue must show whom it waits for.
        consumers = [*self._topology.get("consumers", ()), *topology["consumers"]]
        topology["consumers"] = list({(c["queue"], c["instance"]): c for c in consumers}.values())
        self._topology = topology
        return BrokerState(**topology, failure="RabbitMQ est bloqué" if alarms else None)

    def _client(
        self,
        name: str,
        token: Callable[[], str | None],
        record: Callable[[dict], None],
        asked: Callable[..., None] = lambda **request: None,
    ) -> Client:
        from workbook.shop.client import Client

        proof = self._fleet.credential.shown_to(name)
        return Client(name, lambda: self.services[name].url, record, token, proof, asked)

    def _shopper(self, peer: str, username: str | None) -> Client:
        """A client of the traffic, signed in as `username`."""
        token = self._log_in(username, self.telemetry.add).token if username else _no_token
        heard = partial(self._heard, peer, lambda: username, False)
        return self._client(peer, token, self.telemetry.add, heard)

    def _token(self) -> str | None:
        return self._customer.token() if self._customer else None

    def _log_in(self, username: str, record: Callable[[dict], None]) -> SignedIn:
        from workbook.shop.signing_in import SignedIn

        door = self._client(self._front.peer, _no_token, record)
        return SignedIn(username, self._fleet.password, door, self._closed.wait)

    def _username(self) -> str | None:
        return self._customer.username if self._customer else None

    def _did(self, verb: str, *arguments: object, **options: object) -> None:
        if self._recorder is not None:
            self._recorder.did(verb, *arguments, **options)

    def _heard(
        self, peer: str, username: Callable[[], str | None], by_hand: bool, **request: object
    ) -> None:
        if self._recorder is not None:
            from workbook.incident.tape import Asked

            self._recorder.asked(Asked(peer, username=username(), by_hand=by_hand, **request))

    def _stop_recording(self) -> None:
        if self._recorder is not None:
            self._recorder.stop()

    def _record(self, span: dict) -> None:
        self._last_trace = span["trace_id"]
        self.telemetry.add(span)

    def _changed(self) -> None:
        if self._recorder is not None:
            self._recorder.notify()
        if self._map is not None:
            self._map.notify()

    def __repr__(self) -> str:
        if not self.services:
            return "La boutique est fermée : aucun service."
        width = max(map(len, self.services))
        return "\n".join(f"{name:<{width}}  {_place(s)}" for name, s in self.services.items())


def _theme(name: str) -> str:
    if name not in THEMES:
        raise WorkbookError("La carte se dessine en « light » (clair) ou en « dark » (sombre).")
    return name


def _no_token() -> None:
    """Nobody is signed in."""


def _state(service: Service, database: bool) -> ServiceState:
    from workbook.telemetry.graph import ServiceState

    return ServiceState(
        name=service.name,
        label=service.description.label,
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
