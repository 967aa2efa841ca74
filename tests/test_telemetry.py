"""What is observed, counted."""

import itertools
import json
import threading
from collections import deque

import pytest

from workbook.telemetry.journal import records_of
from workbook.telemetry.spans import Telemetry, parse, routes_to, service_of

SPAN_IDS = itertools.count(1)


def span(service, kind, start=100.0, duration=0.01, status="ok", parent="p", **attributes):
    return {
        "kind": "span",
        "service": service,
        "instance": f"{service}-1",
        "name": "work",
        "span_kind": kind,
        "trace_id": "t",
        "span_id": f"{next(SPAN_IDS):016x}",
        "parent_id": parent,
        "start": start,
        "duration": duration,
        "status": status,
        "attributes": attributes,
    }


@pytest.fixture
def telemetry():
    return Telemetry(clock=lambda: 105.0)


def test_a_journal_is_read_while_it_is_written():
    """The process goes on writing to the very lines that are being read."""
    lines = deque(["{}"] * 1_000, maxlen=1_000)
    over = threading.Event()

    def write():
        while not over.is_set():
            lines.append("{}")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = {len(records_of(lines)) for _ in range(20)}
    finally:
        over.set()
        writer.join()

    assert counts == {1_000}


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_a_line_nested_too_deep_is_plain_text(depth):
    """Whatever a service prints, its journal can still be read."""
    line = '{"kind":"log","message":' + "[" * depth + "]" * depth + "}"

    assert parse(line) in (json_of(line), {"kind": "log", "level": None, "message": line})


def json_of(line):
    try:
        return json.loads(line)
    except RecursionError:
        return None


def call(source, target, status=200, **options):
    attributes = {"peer.service": target, "http.response.status_code": status}
    return span(source, "client", **attributes, **options)


def listening(service, port):
    return {
        "kind": "event",
        "event": "listening",
        "service": service,
        "instance": f"{service}-1",
        "host": "127.0.0.1",
        "port": port,
    }


def plain_call(source, port, host="127.0.0.1", **options):
    return span(source, "client", **{"server.address": host, "server.port": port}, **options)


class TestFlows:
    def test_call_makes_an_edge(self, telemetry):
        """A client span is an edge from its service to the peer it names."""
        telemetry.add(call("gateway", "orders"))

        assert set(telemetry.observed()["calls"]) == {("gateway", "orders")}

    def test_refused_call_keeps_its_edge(self, telemetry):
        """A dead callee writes no span: the caller's alone must show the edge, as failing."""
        telemetry.add(span("orders", "client", status="error", **{"peer.service": "payments"}))

        flow = telemetry.observed()["calls"]["orders", "payments"]
        assert telemetry.red(flow).error_rate == 1.0

    def test_plain_call_makes_an_edge(self, telemetry):
        """A span that knows only an address of this machine: its service is who listens there."""
        telemetry.add(listening("products", 4001))
        telemetry.add(plain_call("vitrine", 4001))
        telemetry.add(plain_call("vitrine", 4009))
        telemetry.add(plain_call("vitrine", 4001, host="example.org"))

        assert set(telemetry.observed()["calls"]) == {("vitrine", "products")}
        assert len(telemetry.observed()["calls"]["vitrine", "products"].samples) == 1

    def test_plain_call_to_the_dead_keeps_its_edge(self, telemetry):
        """The port was its own, until another listens there."""
        telemetry.add(listening("products", 4001))
        telemetry.add({**listening("products", 4001), "event": "exited"})
        telemetry.add(plain_call("vitrine", 4001, status="error"))
        telemetry.add(listening("users", 4001))
        telemetry.add(plain_call("vitrine", 4001))

        calls = telemetry.observed()["calls"]
        assert set(calls) == {("vitrine", "products"), ("vitrine", "users")}
        assert telemetry.red(calls["vitrine", "products"]).error_rate == 1.0

    def test_customers_mistake_is_no_failure(self, telemetry):
        """404 is an answer; 503 is not."""
        telemetry.add(call("gateway", "orders", status=404))
        telemetry.add(call("gateway", "orders", status=503))

        flow = telemetry.observed()["calls"]["gateway", "orders"]
        assert telemetry.red(flow).error_rate == 0.5

    def test_rate_is_per_second(self, telemetry):
        """Twenty calls over the four seconds observed are five per second."""
        for n in range(20):
            telemetry.add(call("gateway", "orders", start=100.99 + n * 0.2))

        flow = telemetry.observed()["calls"]["gateway", "orders"]
        assert telemetry.red(flow).rate == pytest.approx(5.0)

    def test_old_calls_leave(self, telemetry):
        """What happened before the window weighs nothing, but its edge stays."""
        telemetry.add(call("gateway", "orders", start=10.0))

        flow = telemetry.observed()["calls"]["gateway", "orders"]
        assert telemetry.red(flow).rate == 0

    def test_p95_is_nearest_rank(self, telemetry):
        """95 of 100 durations are at or below it."""
        for n in range(1, 101):
            telemetry.add(call("gateway", "orders", duration=n / 1000))

        flow = telemetry.observed()["calls"]["gateway", "orders"]
        assert telemetry.red(flow).p95 == pytest.approx(0.095)

    def test_unannounced_caller_is_the_client(self, telemetry):
        """A server span without parent comes from outside the shop."""
        telemetry.add(span("gateway", "server", parent=None))

        assert ("client", "gateway") in telemetry.observed()["calls"]


class TestBreakers:
    def test_worst_instance_speaks(self, telemetry):
        """One open breaker among instances is what must be seen."""
        for instance, state in (("orders-1", "closed"), ("orders-2", "open")):
            telemetry.feed(
                instance,
                {"kind": "event", "event": "breaker", "dependency": "payments", "state": state},
            )

        assert telemetry.breaker("orders", "payments") == "open"

    def test_dead_instance_has_none(self, telemetry):
        """A new process starts with a closed breaker, whatever the dead one had."""
        event = {"kind": "event", "event": "breaker", "dependency": "payments", "state": "open"}
        telemetry.feed("orders-1", event)

        telemetry.feed("orders-1", {"kind": "event", "event": "exited", "code": -9})

        assert telemetry.breaker("orders", "payments") is None


class TestTraces:
    def test_settles_once_quiet(self, telemetry):
        """Late spans are waited for, then the trace is returned in order of time."""
        telemetry.add(span("gateway", "server", start=2.0))
        late = threading.Timer(0.05, telemetry.add, [span("orders", "server", start=1.0)])
        late.start()

        spans = telemetry.settled_spans("t", quiet=0.3)

        assert [item["service"] for item in spans] == ["orders", "gateway"]

    def test_unknown_trace_is_empty(self, telemetry):
        """Nothing was seen: an empty list, after the time-out."""
        assert telemetry.settled_spans("nowhere", timeout=0.05) == []


class TestParse:
    @pytest.mark.parametrize("line", ["bonjour", '{"kind": "span"', "[1]", '{"a": 1}', "{}"])
    def test_anything_else_is_log(self, line):
        """A learner's print, a broken line: kept as they are."""
        assert parse(line) == {"kind": "log", "level": None, "message": line}


@pytest.mark.parametrize(
    ("pattern", "key", "routed"),
    [
        ("order.*", "order.created", True),
        ("order.*", "order.created.late", False),
        ("#", "payment.failed", True),
        ("order.#", "order", True),
        ("*.created", "order.created", True),
        ("order.created", "order.cancelled", False),
        ("#.failed", "payment.card.failed", True),
    ],
)
def test_topic_routing(pattern, key, routed):
    """The broker's own rule for binding keys (AMQP 0-9-1)."""
    assert routes_to(pattern, key) is routed


@pytest.mark.parametrize(
    ("instance", "service"),
    [("orders-1", "orders"), ("my-orders-12", "my-orders"), ("orders", "orders"), ("a-b", "a-b")],
)
def test_service_of(instance, service):
    """An instance bears its service's name and a number."""
    assert service_of(instance) == service
