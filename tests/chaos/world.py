"""World: a small shop for one run, supervised, and its books, read from outside by an auditor.

The launcher, the broker, auth and products are the `Ground`, shared by the runs; each run has its
own processes of the services under trial, its own databases and its own virtual host, so that it
starts in a quarter of a second and meets no other. Whoever dies is started again at once.
"""

import contextlib
import json
import queue
import random
import secrets
import shutil
import socket
import sqlite3
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import pika
import requests

from workbook.broker import Broker, BrokerError
from workbook.launcher import Launcher

from .history import ORDER, History, completion
from .invariants import Account, Outage, Violation, check, minimal

REPOSITORY = Path(__file__).parents[2]
SECONDS = 30.0
TRIED = ("inventory", "payments", "orders", "notifications")
LISTENERS = {"orchestration": {"notifications"}, "choreography": set(TRIED)}
KILLED = -9
PORTS = range(10_000, 20_000)  # never lent to a client: who is restarted finds its own free again
SIGHTED = 0.3  # seconds between a death and the moment it is surely known here
TOKEN_SECONDS = 60
AT_BIRTH = {"consumer_between_bindings"}  # passed by a process that starts, and never again
LITTLE_TIME = 1.0  # seconds: an order with no more is meant to be out of time
BATCH = 8  # runs that one shop serves: enough to forget its birth, few enough to share out
STEADY = 2.0  # seconds of calm that stand for the deliveries whose span died with its process
TOLD = "SELECT message_id, routing_key, published_at FROM outbox"
HEARD = "SELECT consumer, message_id FROM inbox"
JSON_COLUMNS = {"items", "trace", "quantities", "answer"}
SHELVES = {"LAMP": 100, "CHAIR": 100, "DESK": 100, "MUG": 100, "BOOK": 5}
CARDS = ("tok_visa", "tok_declined")


@dataclass(frozen=True)
class Plan:
    """One run: what is asked of the shop, and what befalls it."""

    name: str
    faults: tuple = ()  # "orders:after_charge:1"
    card: str = "tok_visa"
    orders: int = 3
    sku: str = "MUG"
    saga: str = "orchestration"
    saga_timeout: float = 60.0
    late: tuple = ()  # services started once every order had its answer, or its time was up
    down: float = 0.0  # seconds that the dead stay dead
    services: tuple = TRIED
    twins: bool = False  # two instances of orders, the faults for the first only
    keyed: bool = True
    late_copies: bool = False  # a copy of every command arrives when all is over
    cut: bool = False  # every connection to the broker is closed once
    patience: float = SECONDS
    recovery_limit: float | None = None
    env: tuple = ()  # ((name, value), …)


@dataclass
class Result:
    """What came of a run."""

    plan: Plan
    violations: list
    account: Account
    history: History
    seconds: float
    keys: tuple = ()  # its clients': the shop may have served other runs before
    lines_before: int = 0

    @property
    def crashes(self):
        own = self.account.lines[self.lines_before :]
        return [line for line in own if line.get("event") == "crash"]

    @property
    def reached(self):
        """Whether the run was one: every order placed, every crash point a death."""
        stored = {row["key"] for row in self.account.idempotency_keys if row["order_id"]}
        if not stored.issuperset(self.keys):
            return False
        told = {f"{line['service']}:{line['point']}:{line['count']}" for line in self.crashes}
        return told >= {fault for fault in self.plan.faults if not fault.endswith(":0")}

    def broken(self):
        return sorted({v.invariant for v in self.violations}, key=lambda name: int(name[1:]))

    def story(self):
        """The shortest of the wrong orders' timelines, as lines."""
        violation, events = minimal(self.history, self.account, self.violations)
        if violation is None:
            return []
        started = events[0][0] if events else 0
        told = [f"    {time - started:7.3f} s  {text}" for time, text in events]
        return [f"  {violation.invariant} {violation.subject} : {violation.text}", *told]


class DidNotStart(Exception):
    """A service of this run ended, or said nothing, instead of listening."""


class Ground:
    """What the runs share: a launcher, a broker, and the two services that no run disturbs."""

    def __init__(self, say=lambda text: None):
        self.launcher = Launcher()
        self.password, self.control = secrets.token_urlsafe(12), secrets.token_urlsafe(12)
        self._tokens, self._ports = {}, iter(random.sample(PORTS, len(PORTS)))
        self._lock = threading.Lock()
        try:
            self.broker = Broker.start(run_folder=Path(self.launcher.run_folder), progress=say)
            self.base = self._open_base()
        except BaseException:
            self.launcher.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.base.close()
        self.broker.close()
        self.launcher.close()

    def _open_base(self):
        base = World(self, Plan("base", services=("auth", "products")), peers={})
        base.start(*base.plan.services)
        return base

    def free_port(self):
        with self._lock:
            return next(port for port in self._ports if is_free(port))

    def token(self, world, user):
        """A token of that user, from the auth service that the world trusts."""
        auth = world.url("auth")
        with self._lock:
            token, since = self._tokens.get((auth, user), (None, 0))
            if time.monotonic() - since > TOKEN_SECONDS:
                account = {"username": user, "password": self.password}
                answer = requests.post(f"{auth}/login", json=account, timeout=SECONDS)
                token = answer.json()["access_token"]
                self._tokens[auth, user] = token, time.monotonic()
        return token

    def make_vhost(self):
        """A virtual host of its own for a run: (name, URL)."""
        name = f"chaos-{secrets.token_hex(6)}"
        base, _, _ = self.broker.url.rpartition("/")
        user = base.partition("://")[2].partition(":")[0]
        self.broker.api("PUT", f"/vhosts/{name}")
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self.broker.api("PUT", f"/permissions/{name}/{user}", json=everything)
        return name, f"{base}/{name}"


class Member:
    """One instance of a service, through its deaths."""

    def __init__(self, service, instance, port, faults):
        self.service, self.instance, self.port = service, instance, port
        self.faults = list(faults)
        self.process, self.listening = None, threading.Event()
        self.arming = False  # killed between two runs: that is no outage

    @property
    def gave_up(self):
        """Whether it ended by itself: nobody killed it, starting it again would not help."""
        return self.process.returncode not in (None, KILLED)


class World:
    """The services of one run. Use as a context manager; `history` records what clients see."""

    def __init__(self, ground, plan, tree=None, mutated=(), peers=None):
        self.ground, self.plan, self.tree, self.mutated = ground, plan, tree, mutated
        run_folder = Path(ground.launcher.run_folder)
        self.folder = run_folder / f"run-{secrets.token_hex(6)}"
        self.folder.mkdir()
        self.members, self.lines, self.outages, self.planted = {}, [], [], set()
        self.history = History()
        self.last_fault, self.settled, self.initial_stock = None, None, dict(SHELVES)
        self._deaths, self._closing = queue.SimpleQueue(), threading.Event()
        self._held, self.vhost, self.vhost_url = set(), None, None
        self._dead_letters, self.runs, self.lines_before = [], 0, 0
        for service in plan.services:
            self._enlist(service, f"{service}-1", self._faults_of(service))
        if plan.twins:
            self._enlist("orders", "orders-2", ())
        self.shared = {} if peers is not None else ground.base.peers()
        threading.Thread(target=self._supervise, daemon=True).start()

    def _enlist(self, service, instance, faults):
        self.members[instance] = Member(service, instance, self.ground.free_port(), faults)

    def _faults_of(self, service):
        return [fault for fault in self.plan.faults if fault.startswith(f"{service}:")]

    def __enter__(self):
        self.vhost, self.vhost_url = self.ground.make_vhost()
        try:
            self.start(*(name for name in self.plan.services if name not in self.plan.late))
            self.until(self.all_subscribed, every=0.1)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._closing.set()
        for member in self.members.values():
            if member.process:
                member.process.kill()
        for member in self.members.values():
            if member.process:
                member.process.wait(SECONDS)
        self._deaths.put(None)
        if self.vhost:
            with contextlib.suppress(BrokerError):
                self.ground.broker.api("DELETE", f"/vhosts/{self.vhost}")
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- processes

    def peers(self):
        known = {}
        for member in self.members.values():
            known.setdefault(member.service, []).append(f"http://127.0.0.1:{member.port}")
        return {**getattr(self, "shared", {}), **known}

    def url(self, service):
        return self.peers()[service][0]

    def start(self, *services):
        """Start these services and wait until each of their instances listens."""
        wanted = [member for member in self.members.values() if member.service in services]
        for member in wanted:
            self._spawn(member)
        self._await_listening(wanted)

    def arm(self, plan):
        """Go on with another plan: whoever it kills is told where to die, or born again to."""
        self._await_listening(self.members.values())
        self.plan, self.last_fault, self.lines_before = plan, time.time(), len(self.lines)
        for member in self.members.values():
            before, member.faults = member.faults, self._faults_of(member.service)
            if any(fault.split(":")[1] in AT_BIRTH for fault in member.faults):
                member.arming = True
                member.listening.clear()
                member.process.kill()
            elif before or member.faults:
                self._tell(member, {"crash": ",".join(member.faults)})
        self._await_listening(self.members.values())

    def _tell(self, member, faults):
        """Put these faults in force in a service that runs, and no others."""
        requests.put(
            f"http://127.0.0.1:{member.port}/internal/faults",
            json=faults,
            headers={"Authorization": f"Bearer {self.ground.control}"},
            timeout=SECONDS,
        ).raise_for_status()

    def _await_listening(self, members):
        for member in members:
            self.until(lambda m=member: m.listening.is_set() or m.gave_up)
            if not member.listening.is_set():
                said = list(member.process.lines)[-5:]
                raise DidNotStart(f"{member.instance} ne démarre pas : {said}")

    def start_late(self):
        """Start who is late, when late it is: an order that has little time must have lost it."""
        if self.plan.saga_timeout > LITTLE_TIME:
            self._closing.wait(LITTLE_TIME)
        else:
            self.until(self._all_timed_out)
        for service in self.plan.late:
            self.last_fault = time.time()
            self.start(service)

    def _all_timed_out(self):
        with contextlib.suppress(sqlite3.OperationalError):  # orders may be dead at this moment
            log = self.rows("orders", "saga_log")
            up = {entry["order_id"] for entry in log if timed_out(entry)}
            return up >= {row["id"] for row in self.rows("orders", "orders")}

    def kill(self, service, hold=False):
        """SIGKILL every instance of a service; held, it stays dead until `start`."""
        if hold:
            self._held.add(service)
        self.last_fault = time.time()
        for member in self._of(service):
            member.process.kill()

    def release(self, service):
        self._held.discard(service)
        self.start(service)

    def pause(self, service, seconds):
        """SIGSTOP, then SIGCONT: a process that slept and does not know it."""
        for member in self._of(service):
            since = time.time()
            member.process.pause()
            self._closing.wait(seconds)
            member.process.resume()
            self.last_fault = time.time()
            self.outages.append(Outage(service, since, self.last_fault))

    def slow(self, service, seconds, during):
        for faults, wait in (({"slow": seconds}, during), ({}, 0)):
            self._tell(self._of(service)[0], faults)
            self._closing.wait(wait)
        self.last_fault = time.time()

    def _of(self, service):
        return [member for member in self.members.values() if member.service == service]

    def _spawn(self, member):
        member.listening.clear()
        launcher, target = self.ground.launcher, f"services.{member.service}.app"
        member.process = launcher.spawn(
            member.instance,
            target,
            self.env(member),
            cwd=self.folder,
            on_line=lambda _, line: self._hear(member, line),
            on_exit=lambda _: self._deaths.put((member, time.time())),
        )

    def env(self, member):
        """The whole configuration of one instance."""
        mutated = self.tree and member.service in self.mutated
        known = {
            "PYTHONPATH": str(self.tree if mutated else REPOSITORY),
            "SERVICE_NAME": member.service,
            "INSTANCE": member.instance,
            "HOST": "127.0.0.1",
            "PORT": str(member.port),
            "DATABASE_URL": f"sqlite:///{self.folder / member.service}.db",
            **self._discovery(),
            "DEMO_PASSWORD": self.ground.password,
            "CONTROL_TOKEN": self.ground.control,
            "SAGA": self.plan.saga,
            "SAGA_TIMEOUT": str(self.plan.saga_timeout),
            "BREAKER_OPEN_SECONDS": "0.3",
            "RATE_LIMIT": "100000",
            "RATE_BURST": "100000",
            "FAULT": ",".join(member.faults),
            **dict(self.plan.env),
        }
        return {**known, "RABBITMQ_URL": self.vhost_url} if self.vhost_url else known

    def _discovery(self):
        """How the services find each other: by the registry, if this world has one."""
        if "registry" in self.plan.services:
            return {"REGISTRY_URL": self.url("registry")}
        return {"PEERS": json.dumps(self.peers())}

    def await_registered(self):
        """Wait until the registry knows every other service."""
        expected = {m.instance for m in self.members.values() if m.service != "registry"}

        def known():
            answer = requests.get(f"{self.url('registry')}/instances", timeout=SECONDS).json()
            return expected <= {entry["instance"] for entry in answer["instances"]}

        self.until(known)

    def _hear(self, member, line):
        with contextlib.suppress(ValueError):
            told = json.loads(line)
            self.lines.append(told)
            if told.get("event") == "listening":
                member.listening.set()
            if told.get("event") == "crash":
                fault = f"{member.service}:{told['point']}:{told['count']}"
                member.faults = [other for other in member.faults if other != fault]

    def _supervise(self):
        """Whoever dies is started again, and the outage is written down."""
        while death := self._deaths.get():
            threading.Thread(target=self._revive, args=death, daemon=True).start()

    def _revive(self, member, died):
        self.last_fault = max(died, self.last_fault or 0)
        arming, member.arming = member.arming, False
        self._closing.wait(0 if arming else self.plan.down)
        if member.gave_up:
            return
        if not self._closing.is_set() and member.service not in self._held:
            with contextlib.suppress(RuntimeError):  # the launcher is closed: Ctrl-C
                self._spawn(member)
        if arming:
            return
        outage = Outage(member.service, died - SIGHTED)
        self.outages.append(outage)
        while not self._closing.is_set() and not member.listening.wait(0.05):
            pass
        if member.listening.is_set():
            self.outages[self.outages.index(outage)] = replace(outage, until=time.time())

    # -- the broker

    @contextlib.contextmanager
    def channel(self):
        connection = pika.BlockingConnection(pika.URLParameters(self.vhost_url))
        with contextlib.closing(connection):
            yield connection.channel()

    def plant(self):
        """Put a poisoned message in notifications' queue; returns its id."""
        planted = f"poison-{secrets.token_hex(4)}"
        self.until(lambda: self._publish("", "notifications.orders", b"poison", planted))
        self.planted.add(planted)

    def duplicate(self, events):
        """Send again events that were published: the same message, as a late copy would be."""
        for event in events:
            self._publish(
                "shop.events", event["routing_key"], event["body"].encode(), event["message_id"],
                json.loads(event["headers"]),
            )  # fmt: skip

    def published(self):
        return [row for row in self.rows("orders", "outbox") if row["published_at"]]

    def _publish(self, exchange, routing_key, body, message_id, headers=None):
        """Whether the broker has the message in a queue."""
        properties = pika.BasicProperties(
            message_id=message_id, delivery_mode=2, headers=headers or {}
        )
        try:
            with self.channel() as channel:
                channel.confirm_delivery()
                channel.basic_publish(exchange, routing_key, body, properties, mandatory=True)
        except (pika.exceptions.AMQPError, OSError):
            return False
        return True

    def cut(self):
        """Close every connection of this run to the broker, from the broker's side."""
        self.until(lambda: set(self.plan.services) <= set(self.connections().values()))
        self.last_fault = time.time()
        for name in self.connections():
            self.ground.broker.api("DELETE", f"/connections/{quote(name)}")

    def connections(self):
        """The broker's name of each connection, and the service that opened it."""
        found = self.ground.broker.api("GET", f"/vhosts/{self.vhost}/connections")
        return {
            connection["name"]: connection["client_properties"]["connection_name"].split("-")[0]
            for connection in found
            if connection.get("client_properties", {}).get("connection_name")
        }

    def all_subscribed(self):
        """Whether every service that is up and hears events has its queue: no order before that.

        A subscriber that is not born yet is owed nothing, and would be missed in the accounts.
        """
        expected = LISTENERS[self.plan.saga] & set(self.plan.services) - set(self.plan.late)
        consumers = self.ground.broker.api("GET", f"/consumers/{self.vhost}")
        return expected <= {consumer["queue"]["name"].partition(".")[0] for consumer in consumers}

    def bindings(self):
        """Who subscribed to what: (queue, routing key)."""
        found = self.ground.broker.api(
            "GET", f"/exchanges/{self.vhost}/shop.events/bindings/source"
        )
        return [(binding["destination"], binding["routing_key"]) for binding in found]

    def depths(self, queues):
        with self.channel() as channel:
            return {
                name: channel.queue_declare(name, passive=True).method.message_count
                for name in queues
            }

    def dead(self, queues):
        """The ids of the dead letters so far, taken out of their queues."""
        with self.channel() as channel:
            for name in queues:
                while (message := channel.basic_get(f"{name}.dead", auto_ack=True))[0]:
                    self._dead_letters.append(message[1].message_id)
        return list(self._dead_letters)

    # -- the books

    def rows(self, service, table):
        """A table, as a list of dicts, read beside the service."""
        return [decoded(row) for row in self._read(service, f"SELECT * FROM {table}")]

    def _read(self, service, query):
        """What a query finds, read without holding the file: its owner's death must be a real one.

        A service that has not been born has nothing.
        """
        file = self.folder / f"{service}.db"
        if not file.exists():
            return []
        with contextlib.closing(
            sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)
        ) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(query).fetchall()

    def unrest(self):
        """Why the shop is not quiet yet; None once it is."""
        try:
            return self._unrest()
        except (pika.exceptions.AMQPError, sqlite3.OperationalError, OSError) as error:
            return repr(error)

    def _unrest(self):
        if self._read("orders", "SELECT 1 FROM orders WHERE status = 'PENDING' LIMIT 1"):
            return "des commandes attendent"
        events = [row for name in TRIED for row in self._read(name, TOLD)]
        if any(row["published_at"] is None for row in events):
            return "des événements ne sont pas publiés"
        bindings = self.bindings()
        queues = sorted({queue for queue, _ in bindings})
        inbox = {tuple(row) for name in TRIED for row in self._read(name, HEARD)}
        for row in events:
            for queue_, key in bindings:
                if key == row["routing_key"] and (queue_, row["message_id"]) not in inbox:
                    return f"{queue_} n’a pas tout reçu"
        depths = self.depths([*queues, *(f"{name}.dead" for name in queues)])
        to_come = len(self.planted) - len(self._dead_letters)
        if sum(depths.values()) != to_come or any(depths[name] for name in queues):
            return f"les files ne sont pas vides : {depths}"
        return None

    def in_flight(self):
        """Whether a copy that was published has not been acknowledged by its consumer yet."""
        copies = {}
        for line in list(self.lines):
            if line.get("kind") == "span" and line["span_kind"] in ("producer", "consumer"):
                message_id = line["attributes"].get("messaging.message.id")
                counts = copies.setdefault(message_id, {"producer": 0, "consumer": 0})
                counts[line["span_kind"]] += 1
        return any(0 < counts["consumer"] < counts["producer"] for counts in copies.values())

    def until(self, condition, patience=SECONDS, every=0.02):
        """The first true value of `condition()`, or its last one when patience is over."""
        deadline = time.monotonic() + patience
        while not (value := condition()) and time.monotonic() < deadline:
            time.sleep(every)
        return value

    def settle(self, every=0.03):
        """Wait for quiet; whether it came. `settled` is when it did."""
        deadline, calm, self.settled = time.monotonic() + self.plan.patience, None, None
        while time.monotonic() < deadline:
            if self.unrest():
                calm = None
            else:
                calm = calm or (time.time(), time.monotonic())
                if not self.in_flight() or time.monotonic() - calm[1] > STEADY:
                    self.settled = calm[0]
                    return True
            time.sleep(every)
        return False

    def account(self):
        bindings = self.bindings()
        queues = sorted({queue for queue, _ in bindings})
        orders = {
            "orders": "orders",
            "idempotency_keys": "orders",
            "sagas": "orders",
            "saga_log": "orders",
            "ledger": "payments",
            "stock": "inventory",
            "notifications": "notifications",
        }
        return Account(
            **{table: self.rows(service, table) for table, service in orders.items()},
            outbox={name: self.rows(name, "outbox") for name in TRIED},
            inbox={name: self.rows(name, "inbox") for name in TRIED},
            bindings=bindings,
            depths=self.depths(queues),
            dead=self.dead(queues),
            planted=self.planted,
            lines=list(self.lines),
            secrets=(*CARDS, self.ground.password, self.ground.control, "Bearer ey"),
            initial_stock=self.initial_stock,
            outages=list(self.outages),
            last_fault=self.last_fault,
            settled=self.settled,
            recovery_limit=self.plan.recovery_limit,
        )


class Client:
    """A customer who insists: asks again with the same key until there is an answer."""

    pause = 0.05  # seconds before asking again

    def __init__(self, world, user="alice", door="orders", patience=SECONDS):
        self.world, self.user, self.door, self.patience = world, user, door, patience
        self.session = requests.Session()
        self.session.trust_env = False
        self.through = ("gateway",) if door == "gateway" else ()
        # Choreographed, orders lays the card down at payments before there is an order.
        self.placing = ("payments",) if world.plan.saga == "choreography" else ()

    def place(self, key, card, sku="MUG", quantity=1):
        """Place an order, again and again if it has a key; the record of the last answer."""
        body = {"items": [{"sku": sku, "quantity": quantity}], "card": card}
        headers = self._headers(key)
        deadline = time.monotonic() + self.patience
        while True:
            type = self._ask(body, key, headers)
            if type != "info" or key is None or time.monotonic() > deadline:
                return type
            time.sleep(self.pause)

    def look(self, operation, service):
        """A GET that should work whenever its own service is up."""
        number = self.world.history.invoke(operation)
        path = operation.partition(" ")[2]
        status, _, error = self._exchange("GET", path, service=service)
        type = "info" if status is None or status >= 500 else "ok"
        self._complete(type, number, operation, None, status=status, error=error)

    def _ask(self, body, key, headers):
        history = self.world.history
        number = history.invoke(ORDER, key, items=body["items"], user=self.user)
        status, answer, error = self._exchange("POST", "/orders", json=body, headers=headers)
        order = answer.get("order", answer if "total_cents" in answer else None)
        type = "info" if status is None else completion(status, order)
        self._complete(type, number, ORDER, key, status=status, order=order, error=error)
        return type

    def _complete(self, type, number, operation, key, **value):
        through = (*self.through, *(self.placing if operation == ORDER else ()))
        self.world.history.complete(type, number, operation, key, **value, through=through)

    def _exchange(self, method, path, service=None, headers=None, **options):
        """(status, JSON, None), or (None, {}, what went wrong)."""
        door = self.door if self.door == "gateway" else service or self.door
        token = self.world.ground.token(self.world, self.user)
        try:
            response = self.session.request(
                method,
                self.world.url(door) + path,
                headers={"Authorization": f"Bearer {token}", **(headers or {})},
                timeout=10,
                **options,
            )
            answer = response.json()
            error = answer.get("detail") if response.status_code >= 500 else None
            return response.status_code, answer, error
        except (requests.RequestException, ValueError) as error:
            return None, {}, type(error).__name__

    def _headers(self, key):
        """The same trace for all the attempts of one order: it is one story."""
        trace = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
        return {"traceparent": trace, **({"Idempotency-Key": key} if key else {})}


def timed_out(entry):
    return (entry["command"], entry["outcome"]) == ("saga", "timed out")


def decoded(row):
    return {
        name: json.loads(row[name]) if name in JSON_COLUMNS and row[name] else row[name]
        for name in row.keys()  # noqa: SIM118 - a sqlite3.Row iterates over its values
    }


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


# --- the runs ----------------------------------------------------------------------------------


def attempt(ground, plan, tree=None, mutated=()):
    """The result of a plan in a shop of its own.

    A run that could not be made is one that went wrong, under the name of I0.
    """
    [result] = in_one_shop(ground, [plan], tree, mutated)
    return result


def attempt_all(ground, plans):
    """The results of plans that differ in card and faults alone, in as few shops as will do.

    Half of a run is the birth of its shop; one that has kept its promises serves again. After a
    violation the next plan gets a new one, so that no run pays for another's.
    """
    results = []
    while len(results) < len(plans):
        results += in_one_shop(ground, plans[len(results) :])
    return results


def in_one_shop(ground, plans, tree=None, mutated=()):
    """The results of the first of these plans, up to one that goes wrong."""
    results = []
    try:
        with World(ground, plans[0], tree, mutated) as world:
            for plan in plans:
                if plan is not world.plan:
                    world.arm(plan)
                results.append(carry_out(world))
                if results[-1].violations or not world.settled:
                    break
    except (DidNotStart, BrokerError) as reason:
        violations = [Violation("I0", "boutique", str(reason))]
        results.append(Result(plans[len(results)], violations, Account(), History(), 0.0))
    return results


def batches(plans):
    """The positions of these plans in groups that one shop can serve, a few in each.

    Mixed, so that runs that mostly wait go beside those that mostly work.
    """
    alike = {}
    for position, plan in enumerate(plans):
        # Who was late, or has heard copies, is not the same shop any more.
        own = position if plan.late or plan.late_copies or plan.cut else None
        kind = own, replace(plan, name="", faults=(), card="")
        alike.setdefault(kind, []).append(position)
    groups = [
        group[at : at + BATCH] for group in alike.values() for at in range(0, len(group), BATCH)
    ]
    return random.Random(len(plans)).sample(groups, len(groups))


def carry_out(world):
    """Carry out the plan of this shop and judge it, with all that it has done before."""
    plan, started = world.plan, time.monotonic()
    world.runs += 1
    keys = [f"order-{world.runs}-{n}" if plan.keyed else None for n in range(plan.orders)]
    client = Client(world, door="gateway" if "gateway" in plan.services else "orders")
    if plan.cut:
        world.cut()
    for key in keys:
        client.place(key, plan.card, plan.sku)
    if plan.late:
        world.start_late()
    world.plant()
    if world.settle() and plan.keyed:
        for key in keys:
            client.place(key, plan.card, plan.sku)
    if plan.late_copies:
        send_late_copies(world, plan)
    if world.settled:
        world.settle()
    account = world.account()
    violations, seconds = check(world.history, account), time.monotonic() - started
    keys = tuple(key for key in keys if key)
    return Result(plan, violations, account, world.history, seconds, keys, world.lines_before)


def send_late_copies(world, plan):
    """Copies of the commands, late on the network, when every order has long ended."""
    log = {(entry["order_id"], entry["command"]) for entry in world.rows("orders", "saga_log")}
    for order in world.rows("orders", "orders"):
        charge = {"amount_cents": order["total_cents"], "card": plan.card}
        items = [{"sku": item["sku"], "quantity": item["quantity"]} for item in order["items"]]
        for command, service, path, body in (
            ("charge", "payments", f"/charges/{order['id']}", charge),
            ("reserve", "inventory", f"/reservations/{order['id']}", {"items": items}),
        ):
            # Out of time before it was sent, a command has no copy that could be late.
            if (order["id"], command) in log:
                requests.put(world.url(service) + path, json=body, timeout=SECONDS)
