"""The tape: what a shop observed between two moments, with the time each thing was heard.

It keeps what passes by already (spans, events, errors logged, the states the map asks for) and
what the learner did. Nothing is computed here: the shop is being used meanwhile.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from workbook.telemetry.graph import BrokerState, ServiceState
from workbook.telemetry.spans import Telemetry

PERIOD = 1.0
_SHORTEST_PERIOD = 0.1
MOST_ENTRIES = 400_000  # half an hour of a busy shop; some 400 MB
RECORD, STATES, ACT, ASKED = "record", "states", "act", "asked"
_KEPT_HEADERS = ("Idempotency-Key", "If-Match", "If-None-Match")
_SECRET = "password"
_LOGGED = frozenset({"ERROR", "CRITICAL"})


class Entry(NamedTuple):
    """One thing heard at `time` (epoch seconds)."""

    time: float
    kind: str
    content: Any


class States(NamedTuple):
    """What the map asks for: the services' processes and the broker."""

    services: list[ServiceState]
    broker: BrokerState | None


class Act(NamedTuple):
    """What the learner did to the shop: a verb of `Shop`, or of its `broker`, and its arguments."""

    verb: str
    arguments: tuple
    options: dict


class Asked(NamedTuple):
    """A request a client sent: to whom, what, and as whom (None: nobody signed in)."""

    peer: str
    method: str
    path: str
    json: Any
    headers: dict[str, str]
    username: str | None
    by_hand: bool
    trace_id: str


@dataclass
class Tape:
    """Entries in the order they were heard; `before` is what had been observed until then."""

    before: Telemetry
    began: float
    ended: float | None = None
    entries: list[Entry] = field(default_factory=list)
    full: bool = False  # it ended for want of room

    def of(self, kind: str) -> Iterable[Entry]:
        """The entries of one kind."""
        return (entry for entry in self.entries if entry.kind == kind)


class Observed(Protocol):
    """What a recorder needs of a shop."""

    telemetry: Telemetry

    def observe(self) -> States: ...


class Recorder:
    """Records a shop from `start` to `stop`, on a thread that looks when nobody else does."""

    def __init__(self, shop: Observed, clock: Callable[[], float] = time.time) -> None:
        self._shop, self._clock = shop, clock
        self._end_listening: Callable[[], None] = lambda: None
        self._seen = 0.0
        self._wake, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._watch, name="black-box", daemon=True)
        self.tape = Tape(Telemetry(), clock())

    def start(self) -> None:
        """Record from now on."""
        now = self._clock()
        telemetry = self._shop.telemetry
        self.tape = Tape(telemetry.fork(lambda: now), now)
        self._end_listening = telemetry.listen(self._hear)
        self._shop.observe()
        self._thread.start()

    def stop(self) -> Tape:
        """Record no more; return the tape. Idempotent."""
        if not self._ended.is_set():
            self._ended.set()
            self._wake.set()
            self._thread.join(timeout=10)
            self._shop.observe()
            self._end_listening()
            self.tape.ended = self.tape.ended or self._clock()
        return self.tape

    def notify(self) -> None:
        """A process was born or died: look now."""
        self._wake.set()

    def saw(self, states: States) -> None:
        """Keep the states somebody asked for."""
        self._seen = time.monotonic()
        self._keep(STATES, states)

    def did(self, verb: str, *arguments: object, **options: object) -> None:
        """Keep an act of the learner's."""
        self._keep(ACT, Act(verb, arguments, options))

    def asked(self, asked: Asked) -> None:
        """Keep a client's request, without its secrets."""
        self._keep(ASKED, asked._replace(json=_discreet(asked.json), headers=_kept(asked.headers)))

    def _hear(self, record: dict) -> None:
        if record["kind"] != "log" or record.get("level") in _LOGGED:
            self._keep(RECORD, record)

    def _keep(self, kind: str, content: object) -> None:
        tape = self.tape
        if tape.ended is not None:
            return
        tape.entries.append(Entry(self._clock(), kind, content))
        if len(tape.entries) >= MOST_ENTRIES:
            tape.full, tape.ended = True, self._clock()

    def _watch(self) -> None:
        while not self._ended.is_set():
            woken = self._wake.wait(PERIOD)
            self._wake.clear()
            if woken or time.monotonic() - self._seen >= PERIOD:
                self._shop.observe()
            self._ended.wait(_SHORTEST_PERIOD)


def _discreet(body: object) -> object:
    if isinstance(body, dict) and _SECRET in body:
        return {**body, _SECRET: "…"}
    return body


def _kept(headers: dict[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in _KEPT_HEADERS if name in headers}
