"""World: a small supervised shop of one's own, with faults.

The launcher, the broker, auth and products are the `Ground`, shared by all; each world has its own
processes of the services under trial, its own databases and its own virtual host, so that it
starts in a quarter of a second and meets no other. Whoever dies is started again at once.
"""

import contextlib
import json
import queue
import secrets
import shutil
import sqlite3
import threading
import time
from dataclasses import replace
from pathlib import Path

import pika
import requests

from workbook.failures.history import History
from workbook.failures.invariants import Account, Outage
from workbook.waiting import until

from .books import ShopBooks
from .impostor import Impostor
from .plans import SECONDS, fault_of
from .shop import CARDS, REPOSITORY, SHELVES, TRIED
from .vhost import VirtualHost

LISTENERS = {"orchestration": {"notifications"}, "choreography": set(TRIED)}
KILLED = -9
SIGHTED = 0.3  # seconds between a death and the moment it is surely known here
AT_BIRTH = {"consumer_between_bindings"}  # passed by a process that starts, and never again
LITTLE_TIME = 1.0  # seconds: an order with no more is meant to be out of time
FULL = "notifications.orders"  # the queue that may be made to refuse messages
STEADY = 2.0  # seconds of calm that stand for the deliveries whose span died with its process


class DidNotStart(Exception):
    """A service of this world ended, or said nothing, instead of listening."""


class Member:
    """One instance of a service, through its deaths."""

    def __init__(self, service, instance, port, faults):
        self.service, self.instance, self.port = service, instance, port
        self.faults = list(faults)
        self.process, self.listening = None, threading.Event()
        self.arming = False  # killed between two runs: that is no outage
        self.asleep = False

    @property
    def answers(self):
        return self.listening.is_set() and not self.asleep

    @property
    def gave_up(self):
        """Whether it ended by itself: nobody killed it, starting it again would not help."""
        return self.process.returncode not in (None, KILLED)


class World:
    """The services of one shop. Use as a context manager; `history` records what clients see.

    `tree`, a copy of the services with a bug, is what those named in `mutated` run from. With
    `peers`, the world knows these addresses and not those of the ground.
    """

    def __init__(self, ground, plan, tree=None, mutated=(), peers=None):
        self.ground, self.plan, self.tree, self.mutated = ground, plan, tree, mutated
        run_folder = Path(ground.launcher.run_folder)
        self.folder = run_folder / f"run-{secrets.token_hex(6)}"
        self.folder.mkdir()
        self.members, self.lines, self.outages, self.planted = {}, [], [], set()
        self.history, self.books, self.vhost = History(), ShopBooks(self.folder), None
        self.last_fault, self.settled, self.initial_stock = None, None, dict(SHELVES)
        self.runs, self.lines_before, self.machine = 0, 0, []
        self._deaths, self._closing = queue.SimpleQueue(), threading.Event()
        for service in plan.services:
            self._enlist(service, f"{service}-1", self._faults_of(service))
        for service in plan.twins:
            self._enlist(service, f"{service}-2", ())
        self._shared = ground.base.peers() if peers is None else peers
        threading.Thread(target=self._supervise, daemon=True).start()

    def _enlist(self, service, instance, faults):
        self.members[instance] = Member(service, instance, self.ground.free_port(), faults)

    def _faults_of(self, service):
        return [fault for fault in self.plan.faults if fault.startswith(f"{service}:")]

    def __enter__(self):
        self.vhost = VirtualHost(self.ground.broker)
        try:
            self.start(*(name for name in self.plan.services if name not in self.plan.late))
            self.until(self._all_subscribed, every=0.1)
            self._start_twins()
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
            self.vhost.delete()
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- processes

    def peers(self):
        known = {}
        for member in self.members.values():
            known.setdefault(member.service, []).append(f"http://127.0.0.1:{member.port}")
        return {**self._shared, **known}

    def url(self, service):
        """The address of an instance that answers, if there is one; of the first, if none does."""
        ours = self._of(service)
        if not ours:
            return self._shared[service][0]
        best = next((member for member in ours if member.answers), ours[0])
        return f"http://127.0.0.1:{best.port}"

    def start(self, *services):
        """Start these services and wait until the first instance of each listens."""
        wanted = [self.members[f"{service}-1"] for service in services]
        for member in wanted:
            self._spawn(member)
        self._await_listening(wanted)

    def _start_twins(self):
        """Start the second instances, once the first have taken all there is to take."""
        for service in self.plan.twins:
            self.until(lambda s=service: self._relays(s), every=0.1)
        twins = [self.members[f"{service}-2"] for service in self.plan.twins]
        for member in twins:
            self._spawn(member)
        self._await_listening(twins)

    def _relays(self, service):
        """Whether an instance of this service holds the lease of the relay."""
        with contextlib.suppress(sqlite3.OperationalError):
            return bool(self.books.read(service, "SELECT 1 FROM lease WHERE holder IS NOT NULL"))
        return False

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
                # Who is dead at this moment is born again with its new faults.
                with contextlib.suppress(requests.ConnectionError):
                    self._tell(member, {"crash": ",".join(member.faults)})
        self._await_listening(self.members.values())

    def _tell(self, member, faults):
        """Put these faults in force in a service that runs, and no others."""
        requests.put(
            f"http://127.0.0.1:{member.port}/internal/faults",
            json=faults,
            headers=self.ground.credential.shown_to(member.service),
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
            self.until(self.books.out_of_time)
        for service in self.plan.late:
            self.last_fault = time.time()
            self.start(service)

    def kill(self, service):
        """SIGKILL every instance of a service."""
        self.last_fault = time.time()
        for member in self._of(service):
            member.process.kill()

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
            "RUN_CREDENTIAL": self.ground.credential.secret,
            "SAGA": self.plan.saga,
            "SAGA_TIMEOUT": str(self.plan.saga_timeout),
            "BREAKER_OPEN_SECONDS": "0.3",
            "RATE_LIMIT": "100000",
            "RATE_BURST": "100000",
            "FAULT": ",".join(member.faults),
            **dict(self.plan.env),
        }
        return {**known, "RABBITMQ_URL": self.vhost.url} if self.vhost else known

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
            if told.get("event") == "crash" and fault_of(told) in member.faults:
                member.faults.remove(fault_of(told))
            if told.get("event") == "asleep":
                threading.Thread(target=self._wake, args=(member,), daemon=True).start()

    def _wake(self, member):
        """Let a sleeper go on, when nothing is left to do without it or it has slept enough."""
        member.asleep, since = True, time.time()
        self.until(self._is_idle, self.plan.nap, every=0.1)
        if self._closing.is_set():
            return
        member.process.resume()
        requests.get(f"http://127.0.0.1:{member.port}/health/live", timeout=SECONDS)
        self.last_fault = time.time()
        self.outages.append(Outage(member.service, since - SIGHTED, self.last_fault))
        member.asleep = False

    def _is_idle(self):
        """Whether there are orders, all of them ended and told of."""
        with contextlib.suppress(sqlite3.OperationalError):
            placed = self.books.read("orders", "SELECT 1 FROM orders LIMIT 1")
            return self._closing.is_set() or (placed and not self.books.unfinished())
        return False

    def _supervise(self):
        """Whoever dies is started again, and the outage is written down."""
        while death := self._deaths.get():
            threading.Thread(target=self._revive, args=death, daemon=True).start()

    def _revive(self, member, died):
        arming, member.arming = member.arming, False
        self.last_fault = max(died, self.last_fault or 0)
        if member.gave_up:
            return
        member.listening.clear()
        outage = Outage(member.service, died - SIGHTED)
        if not arming:
            self.outages.append(outage)
            with self._impostor(member):
                self._closing.wait(self.plan.down)
        if not self._closing.is_set():
            with contextlib.suppress(RuntimeError):  # the launcher is closed: Ctrl-C
                self._spawn(member)
        while not self._closing.is_set() and not member.listening.wait(0.05):
            pass
        if member.listening.is_set() and not arming:
            self.outages[self.outages.index(outage)] = replace(outage, until=time.time())

    def _impostor(self, member):
        """Another program at the address of the dead, if the plan wants one."""
        return Impostor(member.port) if self.plan.impostor else contextlib.nullcontext()

    @contextlib.contextmanager
    def queue_full(self):
        """Notifications dead and its queue full, for as long as it takes somebody to notice."""
        if not self.plan.full:
            yield
            return
        self.vhost.limit(FULL, 1)
        self.kill("notifications")
        yield
        self.until(self.books.refused_or_done)
        self.vhost.limit(FULL, None)

    # -- its events

    def plant(self):
        """Put a poisoned message in notifications' queue, as soon as there is one."""
        planted = f"poison-{secrets.token_hex(4)}"
        self.until(lambda: self.vhost.publish("", "notifications.orders", b"poison", planted))
        self.planted.add(planted)

    def published(self):
        """The events that orders has published."""
        return [row for row in self.books.rows("orders", "outbox") if row["published_at"]]

    def duplicate(self, events):
        """Send again events that were published: the same message, as a late copy would be."""
        for event in events:
            self.vhost.publish(
                "shop.events", event["routing_key"], event["body"].encode(), event["message_id"],
                json.loads(event["headers"]),
            )  # fmt: skip

    def cut(self):
        """Close every connection of this world to the broker, from the broker's side."""
        expected = set(self.plan.services)
        self.until(lambda: expected <= set(self.vhost.connections().values()))
        self.last_fault = time.time()
        self.vhost.disconnect_everybody()

    def _all_subscribed(self):
        """Whether every service that is up and hears events has its queue: no order before that.

        A subscriber that is not born yet is owed nothing, and would be missed in the accounts.
        """
        expected = LISTENERS[self.plan.saga] & set(self.plan.services) - set(self.plan.late)
        return expected <= {name.partition(".")[0] for name in self.vhost.consumed()}

    # -- its calm

    def until(self, condition, patience=SECONDS, every=0.02):
        """The first true value of `condition()`, or its last one when patience is over."""
        return until(condition, patience, every)

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

    def unrest(self):
        """Why the shop is not quiet yet, in words; None once it is."""
        if sleepers := [name for name, member in self.members.items() if member.asleep]:
            return f"{', '.join(sleepers)} : encore endormi"
        try:
            return self.books.unfinished() or self._unrest_of_queues()
        except (pika.exceptions.AMQPError, sqlite3.OperationalError, OSError) as error:
            return repr(error)

    def _unrest_of_queues(self):
        bindings = self.vhost.bindings()
        if unheard := self.books.unheard(bindings):
            return f"{', '.join(sorted(unheard))} : tout n’est pas reçu"
        queues = {name for name, _ in bindings}
        depths = self.vhost.depths({*queues, *(f"{name}.dead" for name in queues)})
        to_come = len(self.planted) - len(self.vhost.dead_letters)
        if sum(depths.values()) != to_come or any(depths[name] for name in queues):
            return f"les files ne sont pas vides : {depths}"
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

    def account(self):
        """All that is known of this shop now, for the invariants to judge."""
        bindings = self.vhost.bindings()
        queues = {name for name, _ in bindings}
        return Account(
            **self.books.tables(),
            bindings=bindings,
            depths=self.vhost.depths(queues),
            active=self.vhost.active(),
            dead=self.vhost.dead(queues),
            planted=self.planted,
            lines=list(self.lines),
            secrets=(*CARDS, self.ground.password, self.ground.credential.secret, "Bearer ey"),
            prices=self.ground.prices,
            initial_stock=self.initial_stock,
            outages=list(self.outages),
            last_fault=self.last_fault,
            settled=self.settled,
            recovery_limit=self.plan.recovery_limit,
            machine=list(self.machine),
        )
