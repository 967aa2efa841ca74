"""Account: all that is known of a run at its end, as plain data, and what its clients asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbook.failures.history import History

Row = Mapping[str, Any]

ENDINGS = {"CONFIRMED", "REJECTED", "CANCELLED"}


@dataclass(frozen=True)
class Violation:
    """An invariant broken, and the order, key or message it was broken for."""

    invariant: str
    subject: str
    text: str


@dataclass(frozen=True)
class Outage:
    """A service was away from `since` to `until`, epoch seconds; never back: infinity."""

    service: str
    since: float
    until: float = float("inf")


@dataclass
class Account:
    """All that is known of a run at its end."""

    # The tables of the services: one that is not named here must be judged, or said to be ignored.
    orders: list[Row] = field(default_factory=list)
    idempotency_keys: list[Row] = field(default_factory=list)
    sagas: list[Row] = field(default_factory=list)
    saga_log: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    ledger: list[Row] = field(default_factory=list)
    intents: list[Row] = field(default_factory=list)
    stock: list[Row] = field(default_factory=list)
    reservations: list[Row] = field(default_factory=list)
    notifications: list[Row] = field(default_factory=list)
    outbox: dict[str, list[Row]] = field(default_factory=dict)  # service: rows
    inbox: dict[str, list[Row]] = field(default_factory=dict)  # service: rows
    lease: dict[str, list[Row]] = field(default_factory=dict)  # service: rows
    bindings: list[tuple[str, str]] = field(default_factory=list)  # (queue, routing key)
    active: list[str] = field(default_factory=list)  # queue, once for each consumer that is served
    depths: dict[str, int] = field(default_factory=dict)  # queue: ready messages
    dead: list[str] = field(default_factory=list)  # message ids in dead-letter queues
    planted: set[str] = field(default_factory=set)  # message ids of the poison we sent
    lines: list[Row] = field(default_factory=list)  # what processes wrote: events, logs, spans
    secrets: tuple[str, ...] = ()
    prices: dict[str, int] = field(default_factory=dict)  # sku: cents, as products says
    initial_stock: dict[str, int] = field(default_factory=dict)
    outages: list[Outage] = field(default_factory=list)
    last_fault: float | None = None
    settled: float | None = None  # when all was quiet; None: it never was
    recovery_limit: float | None = 15.0  # seconds; None: not judged here
    machine: list[tuple[float, float, float]] = field(default_factory=list)  # since, until, share

    def events(self) -> list[dict[str, Any]]:
        """Every event of every outbox, with its service."""
        return [{**row, "service": name} for name, rows in self.outbox.items() for row in rows]

    def spans(self, kind: str) -> list[Row]:
        """The spans of one kind that processes wrote."""
        return [
            line
            for line in self.lines
            if line.get("kind") == "span" and line.get("span_kind") == kind
        ]

    def crashed(self) -> bool:
        """Whether anything died."""
        return any(line.get("event") == "crash" for line in self.lines) or bool(self.outages)

    def order(self, order_id: str) -> Row | None:
        """The row of an order."""
        return next((row for row in self.orders if row["id"] == order_id), None)


@dataclass(frozen=True)
class Asked:
    """What a client asked for, in its own words: the measure of every service's books."""

    user: str
    units: dict[str, int]  # sku: quantity
    card: str

    def cost(self, prices: Mapping[str, int]) -> int:
        """What it costs, in cents, by the catalogue."""
        return sum(prices[sku] * quantity for sku, quantity in self.units.items())


def asked_for(history: History, account: Account) -> dict[str, Asked]:
    """{order id: Asked}, for the orders whose key says which client's they are."""
    requests = {(r.value["user"], r.key): r.value for r in history.of("invoke") if r.key}
    return {
        row["order_id"]: Asked(request["user"], units_of(request["items"]), request["card"])
        for row in account.idempotency_keys
        if (request := requests.get((row["user_id"], row["key"])))
    }


def units_of(items: Iterable[Row]) -> dict[str, int]:
    """The units of each article."""
    units: dict[str, int] = {}
    for item in items:
        units[item["sku"]] = units.get(item["sku"], 0) + item["quantity"]
    return units
