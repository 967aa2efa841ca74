"""Tapes as a recorder makes them, written by hand: the shop of a chapter in which orders dies."""

from workbook.incident.tape import ACT, ASKED, RECORD, STATES, Act, Asked, Entry, States, Tape
from workbook.telemetry.graph import BrokerState, ServiceState
from workbook.telemetry.spans import Telemetry

BEGAN = 1_790_000_000.0
HOSTILE = "</script><img src=x onerror=alert(1)>"
KILLED, BACK, SECONDS = 4.0, 8.0, 12.0
QUEUES = [
    {"name": "notifications.orders", "arguments": {"x-dead-letter-exchange": ""}},
    {"name": "notifications.orders.dead", "arguments": {}},
]


def states(orders=1, depths=(0, 0), failure=None):
    """The services and the broker; the queue's depth and its dead letters'."""
    dead = None if orders else "arrêté net (kill -9)"
    services = [
        ServiceState("gateway", "Passerelle API", instances=1, listening=1),
        ServiceState("orders", HOSTILE, True, orders, orders, dead),
        ServiceState("payments", "Paiements", True, 1, 1),
    ]
    broker = BrokerState(
        exchanges=[{"name": "shop.events", "type": "topic"}],
        queues=QUEUES,
        bindings=[
            {"source": "shop.events", "destination": q["name"], "routing_key": "order.*"}
            for q in QUEUES[:1]
        ],
        depths={q["name"]: (depth, 1) for q, depth in zip(QUEUES, depths, strict=True)},
        failure=failure,
    )
    return States(services, broker)


def request(number, at, failed=False, tries=1):
    """The spans of one order: the client's, the gateway's two, and `tries` calls to payments.

    One that failed at the first try has not reached orders.
    """
    trace = f"{number:032x}"
    span = {"kind": "span", "trace_id": trace, "status": "error" if failed else "ok"}
    status = 503 if failed else 201

    def made(service, kind, parent, place, peer=None):
        attributes = {"http.response.status_code": status} | (
            {"peer.service": peer} if peer else {}
        )
        return span | {
            "service": service,
            "instance": f"{service}-1",
            "span_kind": kind,
            "name": "POST /orders",
            "span_id": f"{number:08x}{place:08x}",
            "parent_id": parent and f"{number:08x}{parent:08x}",
            "start": BEGAN + at - 0.1 + place / 1000,
            "duration": 0.05,
            "attributes": attributes,
        }

    reached = not failed or tries > 1
    spans = [
        made("client", "client", None, 1, "gateway"),
        made("gateway", "server", 1, 2),
        made("gateway", "client", 2, 3, "orders"),
        *(made("orders", "server", 3, 4) for _ in range(reached)),
        *(made("orders", "client", 4, 5 + i, "payments") for i in range(tries * reached)),
    ]
    return [Entry(BEGAN + at, RECORD, each) for each in reversed(spans)]


def event(at, service, name, **fields):
    """An event of an instance."""
    record = {"kind": "event", "event": name, "service": service, "instance": f"{service}-1"}
    return Entry(BEGAN + at, RECORD, record | fields)


def asked(number, at, by_hand=False):
    """A client's order."""
    body = {"items": [{"sku": "LAMP", "quantity": 1}]}
    content = Asked(
        *("gateway", "POST", "/orders", body, {}, "bob", by_hand), trace_id=f"{number:032x}"
    )
    return Entry(BEGAN + at, ASKED, content)


def orders_dies(rate=5, seconds=SECONDS):
    """Orders is killed at 4 s and back at 8 s; the breaker opens; a letter dies meanwhile."""
    entries = [
        Entry(BEGAN, STATES, states()),
        Entry(BEGAN + KILLED - 0.01, ACT, Act("kill", ("orders",), {})),
        event(KILLED, "orders", "exited", code=-9),
        Entry(BEGAN + KILLED + 0.4, STATES, states(orders=0)),
        event(KILLED + 0.9, "gateway", "breaker", dependency="orders", state="open"),
        Entry(BEGAN + KILLED + 1.4, STATES, states(orders=0, depths=(60, 2))),
        Entry(BEGAN + BACK - 0.1, ACT, Act("restart", ("orders",), {})),
        event(BACK, "orders", "listening", host="127.0.0.1", port=1),
        Entry(BEGAN + BACK + 0.2, STATES, states()),
    ]
    for number in range(int(seconds * rate)):
        at = (number + 0.5) / rate
        entries += [asked(number, at - 0.1, by_hand=number == 3)]
        entries += request(number, at, failed=KILLED < at < BACK)
    return tape_of(entries, seconds)


def tape_of(entries, seconds=SECONDS):
    """A tape of entries in any order."""
    ordered = sorted(entries, key=lambda entry: entry.time)
    return Tape(Telemetry(lambda: BEGAN), BEGAN, BEGAN + seconds, ordered)
