"""A worker under test: lives of its own, messages, deaths, and what can be seen of it.

Its file is run again, in a virtual host and a folder that this bench alone has: nothing of an
earlier try is there, and whatever else runs goes on undisturbed. Each life is a new process,
watched and struck by `workbook.failures.probe`.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

import pika
import psutil
import requests
from pika.exceptions import ChannelClosedByBroker, NackError

from workbook.errors import WorkbookError
from workbook.failures.own_time import OwnTime
from workbook.processes.launcher import Launcher, Process
from workbook.shop import direct
from workbook.telemetry.spans import parse
from workbook.waiting import patient, until

PROBE = Path(__file__).with_name("probe.py")  # executed in the worker's process
PATIENCE = 6.0
STARTING = 4.0
LINGER = 2.0  # seconds in which what is done must be acknowledged, by handfuls if one likes
QUIET = 0.15  # seconds without an effect, between two messages of a worker that has some to take
GIVEN_BACK = 0.4  # seconds the broker takes to see a death and put messages back
MOST_POINTS = 60
ENOUGH = 20.0
STALLED = 3.5  # seconds without an effect: two of a pause that is allowed, and some more
IDLE = 2.0


class Bench(Protocol):
    """Where workers live apart; what is opened there is closed with it."""

    closing: ExitStack

    @property
    def folder(self) -> Path: ...
    @property
    def broker(self) -> Any: ...
    def url(self, place: str = "") -> str: ...
    def channel(self, url: str = "") -> Any: ...
    def env(self, name: str) -> Mapping[str, str]: ...
    def unique(self, prefix: str) -> str: ...


@dataclass(frozen=True)
class Death:
    """A death between two effects: at its nth point, after these `effects`."""

    nth: int
    place: str  # the line that was to come, in words
    effects: tuple[str, ...]


class Worker:
    """The worker `name` run from the file `source`, and its `queue`; `place` is where it lives.

    No death is placed by what it writes in `journal`.
    """

    _what = "script"

    def __init__(
        self,
        bench: Bench,
        name: str,
        queue: str,
        source: Path,
        place: str = "",
        journal: str = "",
    ) -> None:
        self.bench, self.name, self.queue, self._journal = bench, name, queue, journal
        self.source = source
        self._place = bench.folder / f"atelier{place}"
        self._place.mkdir()
        self.script = self._place / self.source.name
        shutil.copy(self.source, self.script)
        self._database = bench.folder / f"donnees{place}.db"
        self._process: Process | None = None
        self._control = self._place
        self._orders = self._lives = self._given = 0
        self._seen_growing = (0, 0.0)
        self._time: OwnTime | None = None
        self._alive_since = 0.0
        self.last_death: Death | None = None
        self._asking: Any = None
        self._join_broker(place)
        bench.closing.callback(self.kill)

    def _join_broker(self, place: str) -> None:
        """Open the virtual host it lives in; a service that has nothing to publish needs none."""
        self._url = self.bench.url(place)
        self.channel = self.bench.channel(self._url)
        self.channel.exchange_declare("shop.events", "topic", durable=True)
        self.channel.confirm_delivery()

    # -- its life -----------------------------------------------------------------------------

    def start(self, fresh: bool = False) -> None:
        """Run it in a new process, and wait until its queue is there.

        `fresh`: in a new interpreter too, dearer; the others are forked from the same one.
        """
        self.spawn(fresh)

        def look() -> bool:
            self.require_running()
            return self.is_up()

        # Looked at once: a queue may go with the reader that declared it, a moment later.
        if not until(look, patient(STARTING), 0.05):
            self.complain_of_queue()

    def is_up(self) -> bool:
        """Whether it can be given something to do."""
        return self.ready() is not None

    def complain_of_queue(self) -> None:
        """Say that it runs and has declared no queue."""
        raise WorkbookError(f"Le worker tourne, mais la file « {self.queue} » n’existe pas.")

    def spawn(self, fresh: bool = False) -> None:
        """Run it in a new process, without waiting for anything."""
        self._lives += 1
        self._given = 0
        self._control = self.bench.folder / f"vie-{self._place.name}-{self._lives}"
        self._control.mkdir()
        probe = shutil.copy(PROBE, self._control)
        env = self.environment() | {"PROBE_FRESH": self._what if fresh else ""}
        self._alive_since = time.monotonic()
        self._seen_growing, self._time = (0, 0.0), None
        self._process = Launcher.shared().spawn(self.name, probe, env, cwd=self._place)

    def environment(self) -> dict[str, str]:
        """The whole configuration of a life."""
        return dict(self.bench.env(self.name)) | {
            "RABBITMQ_URL": self._url,
            "DATABASE_URL": f"sqlite:///{self._database}",
            "PROBED": str(self.script),
            "PROBE": str(self._control),
            "PROBE_IGNORES": self._journal,
        }

    def kill(self) -> None:
        """`kill -9`, and wait until it is known dead."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(5.0)

    def require_running(self) -> None:
        """Say what it died of, when nobody killed it."""
        if not self.dead or self.struck:
            return
        code = self._process.returncode
        self.complain_of_end("le programme s’est terminé" if code == 0 else f"arrêté (code {code})")

    def complain_of_end(self, how: str) -> None:
        """Say that it ended though nobody killed it."""
        raise WorkbookError(f"Le programme « {self.name} » est mort : {how}.")

    @property
    def output(self) -> list[str]:
        """The last lines this life has written."""
        return list(self._process.lines) if self._process else []

    @property
    def dead(self) -> bool:
        return self._process.returncode is not None

    @property
    def struck(self) -> bool:
        """Whether it died at a point where it was told to."""
        points = self._points()
        return self.dead and bool(points) and points[-1]["struck"]

    @property
    def deliveries(self) -> int:
        """Messages this life has been given."""
        points = self._points()
        return points[-1]["received"] if points else 0

    # -- its deaths ---------------------------------------------------------------------------

    def deaths(
        self, send: Callable[[], None], settled: Callable[[], object], seconds: float = ENOUGH
    ) -> Iterator[str]:
        """Send the same messages again and again, with a death at one point more each time.

        Yields where it died, once it lives again: what must hold then is for the caller. Ends
        after the time when there was no such point, where what must hold is to be looked at too,
        and after `seconds`, for a worker that takes its time.
        """
        end = time.monotonic() + patient(seconds)
        for nth in range(1, MOST_POINTS + 1):
            if time.monotonic() > end or not self.die_at(nth, send, settled):
                self.last_death = None
                return
            place = self.last_death.place
            self.start()
            yield place

    def die_at(self, nth: int, send: Callable[[], None], settled: Callable[[], object]) -> bool:
        """Send, and have it die at its nth point from there; False when it never came to it."""
        self.last_death = None
        self._strike_at(nth)
        send()
        self._await(lambda: self.dead or (settled() and self.is_quiet()))
        if not self.dead and self._withdraw():
            return False
        self.require_running()
        self.last_death = Death(nth, self._place_of_death(), self.effects(nth))
        return True

    @contextmanager
    def held_at(
        self, nth: int, send: Callable[[], None], settled: Callable[[], object]
    ) -> Iterator[bool]:
        """Send, and keep the thread that comes to the nth point from there, until the block ends.

        Yields whether one came; `send` must not wait for it. The other threads go on.
        """
        self._strike_at(nth, wait=True)
        try:
            send()
            self._await(lambda: self._taken.exists() or (settled() and self.is_quiet()))
            yield self._taken.exists()
        finally:
            (self._control / "strike").unlink(missing_ok=True)
            self._taken.unlink(missing_ok=True)

    @property
    def _taken(self) -> Path:
        """What the last order becomes where it is carried out."""
        return self._control / "taken"

    def effects(self, nth: int | None = None) -> tuple[str, ...]:
        """What this life was seen to do, in order; up to its last `nth` points, if given.

        The words are those of the probe: received, commit, file, heard, and what was sent.
        """
        points = self._points()
        return tuple(e for point in points[-(nth or len(points)) :] for e in _effects(point))

    def edges(self) -> list[tuple[str, ...]]:
        """What was seen between two points, from the first message on; for each point of this life.

        A death at the n-th of them comes after the effects of the n first.
        """
        return [tuple(_effects(point)) for point in self._points() if point["received"]]

    def _strike_at(self, nth: int, wait: bool = False) -> None:
        self._orders += 1
        order = {"id": self._orders, "after": self.deliveries, "nth": nth, "wait": wait}
        draft = self._control / "draft"
        draft.write_text(json.dumps(order))
        draft.replace(self._control / "strike")

    def _withdraw(self) -> bool:
        """Strike no more; False when it is too late, and it dies."""
        try:
            (self._control / "strike").unlink()
        except FileNotFoundError:
            self._process.wait(5.0)
        return not self.dead

    def _place_of_death(self) -> str:
        number = self._points()[-1]["line"]
        lines = self.script.read_text(encoding="utf-8").splitlines()
        if not 0 < number <= len(lines):
            return "au milieu de son travail"
        return f"juste avant la ligne {number}, `{lines[number - 1].strip()}`"

    def _points(self) -> list[dict]:
        path = self._control / "points"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        return [json.loads(line) for line in text.splitlines() if line.endswith("}")]

    def is_quiet(self) -> bool:
        """It has been given all there was, has had no effect for a moment, and sleeps."""
        path, now = self._control / "points", self._own_time()
        size = path.stat().st_size if path.exists() else 0
        if size != self._seen_growing[0]:
            self._seen_growing = (size, now)
        if now - self._seen_growing[1] < min(patient(QUIET), 2 * QUIET) or not self._sleeps():
            return False
        return not self.ready() and not 0 < self.deliveries < self._given

    def _own_time(self) -> float:
        """Seconds of this life in which it was not kept waiting for a processor."""
        if self._time is None and self._process.pid is not None:
            self._time = OwnTime(self._process.pid)
        return self._time.now() if self._time else 0.0

    def _sleeps(self) -> bool:
        """On a busy machine, who does nothing may be waiting for a processor or a disk."""
        if not psutil.LINUX:
            return True  # macOS calls running whoever may run
        try:
            return psutil.Process(self._process.pid).status() == psutil.STATUS_SLEEPING
        except psutil.NoSuchProcess:
            return True

    # -- its messages -------------------------------------------------------------------------

    def send(self, body: object, message_id: str | None = None) -> None:
        """Put a persistent message straight in the queue; a str goes as it is, the rest as JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        properties = pika.BasicProperties(
            message_id=message_id,
            content_type="application/json",
            delivery_mode=pika.DeliveryMode.Persistent,
        )
        self._await(lambda: self._is_taken(text.encode(), properties))

    def _is_taken(self, body: bytes, properties: pika.BasicProperties) -> bool:
        """A quorum queue declared a moment ago has no leader yet, and refuses."""
        try:
            self.channel.basic_publish("", self.queue, body, properties)
        except NackError:
            return False
        self._given += 1
        return True

    def ready(self, queue: str = "") -> int | None:
        """Messages nobody has been given yet; None when there is no such queue."""
        declared = self._declared(queue or self.queue)
        return declared.message_count if declared else None

    def queues(self) -> list[str]:
        """Names of all there are."""
        vhost = urlsplit(self._url).path.removeprefix("/")
        listed = self.bench.broker.api("GET", f"queues/{vhost}?columns=name")
        return [queue["name"] for queue in listed]

    def take(self, queue: str) -> list[str]:
        """Take the messages that are now in `queue`."""
        bodies = []
        while self.ready(queue):
            _, _, body = self.channel.basic_get(queue, auto_ack=True)
            if body is None:
                break
            bodies.append(body.decode(errors="replace"))
        return bodies

    def kill_at_rest(self) -> int:
        """Kill it when it has nothing to do; how many messages come back, once it lives again."""
        if self.await_rest():
            time.sleep(LINGER)
            self.await_rest()
        self.kill()
        deadline = time.monotonic() + patient(GIVEN_BACK)
        while not (count := self.ready() or 0) and time.monotonic() < deadline:
            time.sleep(0.05)
        return count

    def is_durable(self) -> bool:
        """Whether its queue outlives the broker."""
        vhost = urlsplit(self._url).path.removeprefix("/")
        queue = self.bench.broker.api("GET", f"queues/{vhost}/{quote(self.queue)}")
        return bool(queue["durable"])

    def file(self, name: str) -> Path:
        """A file it writes in its folder."""
        return self._place / name

    def lines(self, name: str) -> list[str]:
        """Whole lines it has written to that file, in all its lives."""
        path = self.file(name)
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        return text.splitlines()

    # -- waiting ------------------------------------------------------------------------------

    def await_rest(self) -> bool:
        """Wait until it has dealt with all it had, at most a few seconds; whether it has."""
        rests = self._await(self.is_quiet)
        self.require_running()
        return rests

    def await_progress(self, condition: Callable[[], object], most: float) -> None:
        """Wait as long as something happens; told when it is over by what is seen then."""
        last, since, end = None, time.monotonic(), time.monotonic() + patient(most)
        while not condition() and time.monotonic() < end:
            self.require_running()
            if last != (last := self._traces()):
                since = time.monotonic()
            elif time.monotonic() - since > patient(STALLED):
                return
            time.sleep(0.05)

    def _traces(self) -> tuple[int, ...]:
        files = (self._control / "points", self._place / self._journal)
        return tuple(path.stat().st_size if path.exists() else 0 for path in files)

    def await_idle(self, seconds: float = IDLE) -> None:
        """Let its life last `seconds` at least, with nothing to do."""
        time.sleep(max(0.0, self._alive_since + seconds - time.monotonic()))

    def _await(self, condition: Callable[[], object]) -> bool:
        return bool(until(condition, patient(PATIENCE)))

    def _declared(self, queue: str) -> Any:
        if self._asking is None or not self._asking.is_open:
            self._asking = self.channel.connection.channel()
        try:
            return self._asking.queue_declare(queue, passive=True).method
        except ChannelClosedByBroker:
            return None


class Server(Worker):
    """A service under test: it is asked over HTTP, and may publish in a virtual host of its own."""

    _what = "service"

    def __init__(
        self, bench: Bench, name: str, source: Path, place: str = "", journal: str = ""
    ) -> None:
        super().__init__(bench, name, "", source, place, journal)

    def environment(self) -> dict[str, str]:
        """The registry is not told of it: nobody else must call it."""
        return {k: v for k, v in super().environment().items() if k != "REGISTRY_URL"}

    @property
    def url(self) -> str:
        """Where this life listens; "" as long as it does not."""
        heard = [record for record in map(parse, self.output) if record.get("event") == "listening"]
        return f"http://{heard[-1]['host']}:{heard[-1]['port']}" if heard else ""

    def is_up(self) -> bool:
        """Whether it listens."""
        return bool(self.url)

    def complain_of_queue(self) -> None:
        """Say that it does not listen."""
        raise WorkbookError(f"Le service « {self.name} » n’écoute pas.")

    def ready(self, queue: str = "") -> int | None:
        """Messages in a queue; a service that consumes none has nothing to take."""
        return super().ready(queue) if queue else 0

    def post(self, path: str, body: object, key: str = "") -> int | None:
        """Ask it once, with an Idempotency-Key; the status, None when there was no answer."""
        headers = {"Idempotency-Key": key} if key else {}
        self._given += 1
        try:
            with direct.session() as session:
                return session.post(
                    self.url + path, json=body, headers=headers, timeout=patient(PATIENCE)
                ).status_code
        except requests.RequestException:
            return None


def _effects(point: Mapping[str, Any]) -> Iterator[str]:
    for kind in point["after"]:
        if kind != "file" or "commit" not in point["after"]:  # a commit writes the database's file
            yield from point["did"] if kind == "sent" else [kind]
