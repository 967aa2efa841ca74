"""What the services said: spans, logs and events, read from their standard output.

Telemetry owns the observations and their arithmetic (rates, error rates, percentiles); it knows
neither processes nor pictures. Times are epoch seconds, durations seconds, rates per second.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from workbook.waiting import patient

WINDOW = 10.0
KEPT_TRACES = 2_000
KEPT_SAMPLES = 4_000

CLIENT = "client"
EXITED, LISTENING = "exited", "listening"
HERE = ("127.0.0.1", "localhost", "::1")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """One observed operation."""

    end: float
    duration: float
    failed: bool


@dataclass(frozen=True, slots=True)
class Red:
    """Rate, errors, duration of a flow (Wilkie's RED method)."""

    rate: float = 0.0
    error_rate: float = 0.0
    p95: float | None = None


class Flow:
    """The operations seen on one edge or one node; old samples leave by themselves."""

    def __init__(self) -> None:
        self.samples: deque[Sample] = deque(maxlen=KEPT_SAMPLES)
        self.first: float | None = None

    def add(self, sample: Sample) -> None:
        self.samples.append(sample)
        if self.first is None:
            self.first = sample.end

    def recent(self, now: float, window: float = WINDOW) -> Flow:
        """A copy without what is older than `window` seconds."""
        copy = Flow()
        copy.samples.extend(sample for sample in self.samples if sample.end > now - window)
        copy.first = self.first
        return copy

    def red(self, now: float, window: float = WINDOW) -> Red:
        """Rate, share of errors (0..1) and 95th percentile over the last `window` seconds."""
        recent = [sample for sample in self.samples if sample.end > now - window]
        if not recent:
            return Red()
        elapsed = min(window, max(1.0, now - self.first))
        durations = sorted(sample.duration for sample in recent)
        return Red(
            rate=len(recent) / elapsed,
            error_rate=sum(sample.failed for sample in recent) / len(recent),
            p95=durations[math.ceil(0.95 * len(durations)) - 1],
        )


@dataclass
class Message:
    """Messages seen on one way in or out of the broker, by routing key."""

    flow: Flow = field(default_factory=Flow)
    keys: dict[str, Flow] = field(default_factory=lambda: defaultdict(Flow))

    def add(self, key: str, sample: Sample) -> None:
        self.flow.add(sample)
        self.keys[key].add(sample)

    def recent(self, now: float) -> Message:
        """A copy of the last seconds."""
        keys = {key: flow.recent(now) for key, flow in self.keys.items()}
        return Message(self.flow.recent(now), defaultdict(Flow, keys))


def parse(line: str) -> dict:
    """Return the record of an output line; what is not one of ours becomes a plain log record."""
    if line.startswith("{"):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):  # no JSON, or nested deeper than can be read
            record = None
        if isinstance(record, dict) and record.get("kind") in {"span", "log", "event"}:
            return record
    return {"kind": "log", "level": None, "message": line}


class Telemetry:
    """Everything observed since the shop opened, bounded in memory and safe between threads."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Condition(threading.RLock())
        self._traces: OrderedDict[str, list[dict]] = OrderedDict()
        self._arrivals: dict[str, float] = {}
        self.calls: dict[Pair, Flow] = defaultdict(Flow)
        self.served: dict[str, Flow] = defaultdict(Flow)
        self.published: dict[Pair, Message] = defaultdict(Message)
        self.consumed: dict[Pair, Message] = defaultdict(Message)
        self._breakers: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self._ports: dict[int, str] = {}  # of this machine: the service that last listened there
        self._listeners: tuple[Callable[[dict], None], ...] = ()

    def fork(self, clock: Callable[[], float]) -> Telemetry:
        """Return a telemetry that has observed the same until now, and lives by another clock."""
        other = Telemetry(clock)
        with self._lock:
            for mine, theirs in zip(self._flows(), other._flows(), strict=True):
                theirs.update((key, flow.recent(self._clock())) for key, flow in mine.items())
            other._breakers.update((pair, dict(s)) for pair, s in self._breakers.items())
            other._ports.update(self._ports)
        return other

    def listen(self, listener: Callable[[dict], None]) -> Callable[[], None]:
        """Give each record to come to `listener` as well; return what ends it."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def end() -> None:
            with self._lock:
                self._listeners = tuple(each for each in self._listeners if each != listener)

        return end

    def feed(self, instance: str, record: dict) -> None:
        """Take what `instance` wrote: one line of its output, parsed."""
        record.setdefault("instance", instance)
        record.setdefault("service", service_of(instance))
        self.add(record)

    def add(self, record: dict) -> None:
        """Take one record, shaped as the services write it."""
        with self._lock:
            match record["kind"]:
                case "span":
                    self._name_peer(record.get("attributes", {}))
                    self._add_span(record)
                case "event" if record.get("event") == LISTENING and "port" in record:
                    self._ports[record["port"]] = record["service"]
                case "event" if record.get("event") == "breaker":
                    states = self._breakers[record["service"], record["dependency"]]
                    states[record["instance"]] = record["state"]
                case "event" if record.get("event") == EXITED:
                    self._forget_instance(record["instance"])
            for listener in self._listeners:
                listener(record)

    def spans(self, trace_id: str) -> list[dict]:
        """Spans of one trace seen so far, oldest first."""
        with self._lock:
            return sorted(self._traces.get(trace_id, ()), key=lambda span: span["start"])

    def settled_spans(self, trace_id: str, quiet: float = 0.25, timeout: float = 4.0) -> list[dict]:
        """Spans of one trace, once none has arrived for `quiet` seconds, more on a busy machine."""
        quiet, deadline = patient(quiet), time.monotonic() + patient(timeout)
        with self._lock:
            while (left := deadline - time.monotonic()) > 0:
                arrival = self._arrivals.get(trace_id)
                pause = left if arrival is None else arrival + quiet - time.monotonic()
                if pause <= 0:
                    break
                self._lock.wait(min(pause, left))
            return self.spans(trace_id)

    def traces(self) -> list[str]:
        """Trace ids, oldest first."""
        with self._lock:
            return list(self._traces)

    def breaker(self, source: str, target: str) -> str | None:
        """Return the worst state of the source's breakers towards `target`, None if none spoke."""
        with self._lock:
            states = set(self._breakers.get((source, target), {}).values())
        return next((state for state in ("open", "half_open", "closed") if state in states), None)

    def observed(self) -> dict[str, dict]:
        """Snapshot of the four kinds of flows: calls, served, published, consumed."""
        with self._lock:
            return {
                "calls": dict(self.calls),
                "served": dict(self.served),
                "published": dict(self.published),
                "consumed": dict(self.consumed),
            }

    def red(self, flow: Flow) -> Red:
        """RED figures of a flow, now."""
        with self._lock:
            return flow.red(self._clock())

    def _flows(self) -> tuple[dict, ...]:
        return self.calls, self.served, self.published, self.consumed

    def _forget_instance(self, instance: str) -> None:
        for states in self._breakers.values():
            states.pop(instance, None)

    def _name_peer(self, attributes: dict) -> None:
        """Plain HTTP knows an address: say whose it is, dead or alive."""
        if attributes.get("server.address") in HERE and "peer.service" not in attributes:
            peer = self._ports.get(attributes.get("server.port"))
            if peer is not None:
                attributes["peer.service"] = peer

    def _add_span(self, span: dict) -> None:
        trace = self._traces.setdefault(span["trace_id"], [])
        trace.append(span)
        self._arrivals[span["trace_id"]] = time.monotonic()
        self._lock.notify_all()
        if len(self._traces) > KEPT_TRACES:
            self._arrivals.pop(self._traces.popitem(last=False)[0], None)
        sample = Sample(span["start"] + span["duration"], span["duration"], has_failed(span))
        self._count(span, sample, trace)

    def _count(self, span: dict, sample: Sample, trace: list[dict]) -> None:
        service, attributes = span["service"], span.get("attributes", {})
        key = attributes.get("messaging.rabbitmq.destination.routing_key", "")
        match span["span_kind"]:
            case "client" if peer := attributes.get("peer.service"):
                self.calls[service, peer].add(sample)
            case "server":
                self.served[service].add(sample)
                if span.get("parent_id") is None:
                    self.calls[CLIENT, service].add(sample)
            case "producer":
                exchange = attributes.get("messaging.destination.name", "")
                self.published[service, exchange].add(key, sample)
            case "consumer":
                queue = attributes.get("messaging.destination.subscription.name", "")
                self.consumed[queue, service].add(key, sample)
                self.served[service].add(sample)


def has_failed(span: dict) -> bool:
    """A client's mistake (4xx) is no failure of the service."""
    status = span.get("attributes", {}).get("http.response.status_code")
    return span.get("status") == "error" if status is None else int(status) >= 500


def service_of(instance: str) -> str:
    """`orders-2` is an instance of `orders`."""
    name, _, number = instance.rpartition("-")
    return name if name and number.isdigit() else instance


def routes_to(binding_key: str, routing_key: str) -> bool:
    """Whether a topic exchange routes `routing_key` through `binding_key` (AMQP 0-9-1, `*` `#`)."""
    return _match(binding_key.split("."), routing_key.split("."))


def _match(pattern: list[str], words: list[str]) -> bool:
    if not pattern:
        return not words
    head, *tail = pattern
    if head == "#":
        return any(_match(tail, words[skipped:]) for skipped in range(len(words) + 1))
    return bool(words) and head in {"*", words[0]} and _match(tail, words[1:])


def total(flows: Iterable[Red]) -> Red:
    """Add flows up: summed rate, error rate weighted by rate; no percentile."""
    flows = list(flows)
    rate = sum(flow.rate for flow in flows)
    errors = sum(flow.rate * flow.error_rate for flow in flows)
    return Red(rate=rate, error_rate=errors / rate if rate else 0.0)
