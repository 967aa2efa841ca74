"""Experiments on what a shop says of itself: its logs, its metrics, its traces.

Metrics are read as Prometheus does: two scrapes of `/metrics`, and their difference.
"""

from __future__ import annotations

import random
import re
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pika
import requests
from prometheus_client.parser import text_string_to_metric_families

from course.ch11.bets import (
    A_PART,
    ITS_OWN,
    NEXT_TO_NOTHING,
    NO_LINE,
    SUSPECTS,
    THE_FREEZE,
    THE_SAME,
)
from workbook import logbook, show
from workbook.errors import WorkbookError
from workbook.processes.credential import Credential
from workbook.shop import direct
from workbook.shop.client import ServiceUnreachable
from workbook.telemetry.journal import Journal, line_of
from workbook.views.canvas.words import duration, percent
from workbook.views.charts.distribution import quantile
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.shop import Shop
    from workbook.shop.client import Response

SERVICES = ("gateway", "orders", "products", "inventory", "payments")
HISTOGRAM = "http_server_request_duration_seconds"
MUG = {"items": [{"sku": "MUG", "quantity": 1}], "card": "tok_visa"}
DELIVERED = 100
UNSAMPLED = f"00-{'1' * 32}-{'1' * 16}-00"  # W3C Trace Context, 3.2.2.5
IDENTIFIERS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SLOWNESS = 0.3  # seconds: ten times what a service takes here, and no time-out
MOST_LINES = 4_000
PATIENCE = 20.0
SLOWEST_PACE = 0.1  # seconds between two requests


# -- logs ------------------------------------------------------------------------------------------


def lines_about(shop: Shop, response: Response) -> Journal:
    """Log lines of every service under the correlation id of a response, oldest first.

    Returns once the last of them has come, that of notifications, which answers to nobody.
    """
    identifier = response.headers["X-Correlation-ID"]

    def found() -> list[dict]:
        return [line for line in _all_lines(shop) if line.get("correlation_id") == identifier]

    until(lambda: any(line["service"] == "notifications" for line in found()), PATIENCE)
    return Journal(found())


def who_signs(lines: Sequence[dict], response: Response) -> str:
    """The option of bet `ch11.identifier` that the lines about an order show."""
    written = [line for line in lines if line["service"] == "notifications"]
    if not written:
        return NO_LINE
    return THE_SAME if {line["trace_id"] for line in written} == {response.trace_id} else ITS_OWN


def _all_lines(shop: Shop) -> list[dict]:
    """Lines of the services, oldest first; not of the registry, which hears from each of them."""
    names = [name for name in shop.services if name != "registry"]
    found = [line for name in names for line in shop.logs(name, MOST_LINES)]
    return sorted(found, key=lambda line: line.get("timestamp") or "")


# -- metrics ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Route:
    """What one histogram counted between two scrapes; `buckets` is {upper bound in s: count}."""

    service: str
    name: str
    status: int
    count: float
    total: float
    buckets: dict[float, float]


def _scrape(shop: Shop, services: Sequence[str]) -> dict[tuple, dict]:
    """{(service, method and route, status): {"count": …, "sum": …, 0.005: …}} of this moment."""
    series: dict[tuple, dict] = {}
    for service in services:
        text = shop[service].get("/metrics").text
        for family in text_string_to_metric_families(text):
            for sample in family.samples if family.name == HISTOGRAM else ():
                labels = sample.labels
                key = (service, f"{labels['method']} {labels['route']}", int(labels["status"]))
                part = sample.name.removeprefix(f"{HISTOGRAM}_")
                part = float(labels["le"]) if part == "bucket" else part
                series.setdefault(key, {})[part] = sample.value
    return series


@dataclass(frozen=True)
class Red:
    """Rate, errors and duration of every service while something was done to the shop.

    `seconds` is the time it took, `done` what it returned.
    """

    routes: list[Route]
    seconds: float
    done: object

    def errors(self, service: str) -> float:
        """Share of 5xx among its answers, 0 to 1; 0 where it had nothing to answer."""
        mine = self._of(service)
        failed = sum(route.count for route in mine if route.status >= 500)
        return failed / (sum(route.count for route in mine) or 1)

    def quantile(self, service: str, share: float) -> float | None:
        """Upper bound (s) of the bucket in which that share of its answers is reached."""
        mine = self._of(service)
        count = sum(route.count for route in mine)
        for bound in sorted({bound for route in mine for bound in route.buckets}):
            if sum(route.buckets[bound] for route in mine) >= share * count:
                return bound
        return None

    def rows(self) -> list[tuple[str, ...]]:
        """One row a service: requests, rate, errors, the bucket of its p95."""
        return [self._row(service) for service in SERVICES]

    def _row(self, service: str) -> tuple[str, ...]:
        count = sum(route.count for route in self._of(service))
        p95 = self.quantile(service, 0.95)
        rate = f"{count / self.seconds:.1f}".replace(".", ",")
        bound = f"≤ {duration(p95)}" if count else "–"
        return service, f"{count:.0f}", rate, percent(self.errors(service)), bound

    def _of(self, service: str) -> list[Route]:
        return [route for route in self.routes if route.service == service]

    def _table(self) -> show.table:
        head = ("", "requêtes", "par seconde", "erreurs 5xx", "p95")
        return show.table(head, self.rows(), "Débit, erreurs et durée de chaque service")

    def __repr__(self) -> str:
        return repr(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()


def red(shop: Shop, act: Callable[[], object], services: Sequence[str] = SERVICES) -> Red:
    """Scrape, do `act()`, scrape again: what the metrics say of it."""
    _deliver(shop)
    before, start = _scrape(shop, services), time.monotonic()
    done = act()
    seconds = time.monotonic() - start
    routes = []
    for key, after in _scrape(shop, services).items():
        earlier = before.get(key, {})
        grown = {part: value - earlier.get(part, 0) for part, value in after.items()}
        if grown["count"]:
            buckets = {part: n for part, n in grown.items() if isinstance(part, float)}
            routes.append(Route(*key, grown["count"], grown["sum"], buckets))
    return Red(routes, seconds, done)


def new_series(shop: Shop, act: Callable[[], object]) -> int:
    """How many label sets (method, route, status) `act()` added to the metrics of products."""
    before = _scrape(shop, ["products"])
    act()
    return len(_scrape(shop, ["products"]).keys() - before.keys())


# -- load ------------------------------------------------------------------------------------------


def _deliver(shop: Shop) -> None:
    """Fill the shelf of mugs again: an experiment run a second time must find as many to sell.

    No trace, no edge of the map; under a fault of inventory, what was delivered before remains.
    """
    credential = Credential()
    credential.secret = shop.env("inventory")["RUN_CREDENTIAL"]
    headers = {**credential.shown_to("inventory"), "traceparent": UNSAMPLED}
    with suppress(requests.RequestException), direct.session() as session:
        url = f"{shop['inventory'].url}/stock/MUG"
        session.put(url, json={"available": DELIVERED}, headers=headers, timeout=patient(5))


def place_orders(shop: Shop, count: int, clients: int = 4) -> list[Response]:
    """Place orders from a few clients at once; return their responses."""
    return _at_once([lambda: shop.post("/orders", MUG)] * count, clients)


def look_at(shop: Shop, paths: Sequence[str], clients: int = 4) -> list[Response]:
    """GET each path of products, a few at a time."""
    return _at_once([lambda path=path: shop["products"].get(path) for path in paths], clients)


def look_from_outside(shop: Shop, path: str, count: int, clients: int = 4) -> list[Response]:
    """GET a path through the gateway, a few at a time."""
    return _at_once([lambda: shop.get(path)] * count, clients)


def confirmed(responses: Sequence[Response]) -> int:
    """How many of these orders were confirmed when their response left."""
    return sum(response.ok and response.json()["status"] == "CONFIRMED" for response in responses)


def fates(**runs: Red) -> dict[str, dict[str, int]]:
    """Of the orders placed in each run: how many were confirmed at once, how many were not."""
    return {
        name: {"confirmées": confirmed(run.done), "pas encore": len(run.done) - confirmed(run.done)}
        for name, run in runs.items()
    }


def _at_once(acts: Sequence[Callable[[], object]], clients: int) -> list:
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(lambda act: act(), acts))


@contextmanager
def broken(shop: Shop, service: str, **faults: object) -> Iterator[None]:
    """Run a block under faults of one service; afterwards the shop sells again."""
    shop.fault(service, **faults)
    try:
        yield
    finally:
        shop.fault(service, **dict.fromkeys(faults, 0))
        _until_it_sells(shop)


def _until_it_sells(shop: Shop) -> None:
    """Breakers opened by a fault close again once their calls succeed, and no order waits."""
    if not until(lambda: _sells(shop) and not _pending(shop), patient(PATIENCE), every=0.2):
        raise WorkbookError("La boutique ne vend plus : relancez sa cellule Shop.start(…).")


def _pending(shop: Shop) -> int:
    orders = shop.get("/orders?limit=100").json()["orders"]
    return sum(order["status"] == "PENDING" for order in orders)


def _sells(shop: Shop) -> bool:
    try:
        return confirmed([shop.post("/orders", MUG)]) == 1
    except ServiceUnreachable:
        return False


# -- the mean and the percentiles ------------------------------------------------------------------


def visits(shop: Shop, views: int = 50, orders: int = 10, bank: float = 0.6) -> dict[str, list]:
    """Seconds that visitors waited: `views` of the catalogue, `orders` while the bank is slow.

    One after the other for the first, five at once for the others: none disturbs a view.
    """
    _deliver(shop)
    seen = [_timed(lambda: shop.get("/products")) for _ in range(views)]
    with broken(shop, "payments", slow=bank):
        placed = _at_once([lambda: _timed(lambda: shop.post("/orders", MUG))] * orders, 5)
    return {"voir le catalogue": seen, "commander": placed}


def near_the_mean(waits: Sequence[float]) -> int:
    """How many waited between half of the mean and twice as long."""
    mean = statistics.fmean(waits)
    return sum(mean / 2 <= wait <= 2 * mean for wait in waits)


def _timed(act: Callable[[], object]) -> float:
    start = time.monotonic()
    act()
    return time.monotonic() - start


# -- an enquiry, with and without identifiers ------------------------------------------------------


@dataclass
class Enquiry:
    """Six orders placed while one service, drawn at random, was slow; who is it?"""

    shop: Shop
    orders: list[Response]
    lines: list[dict]
    opened: float = field(default_factory=time.time)

    def logs(self) -> None:
        """Show the lines of every service as one stream, without the ids; the clock starts."""
        for line in self.lines:
            known = {"timestamp": "", "level": line["level"], "message": _anonymous(line)}
            clock = str(line["timestamp"])[14:23]
            print(f"{clock}  {line['service']:<13} {line_of(known)[9:]}")
        self.opened = time.time()

    def trace(self) -> object:
        """Show one of the orders as its trace; the clock starts."""
        self.opened = time.time()
        return self.shop.trace(self.orders[0])

    def spans(self) -> list[dict]:
        """The spans of the order that `trace` shows."""
        return self.shop.spans(self.orders[0])

    @property
    def guilty(self) -> str:
        """The suspect whose quickest answer to these orders was the slowest, by their spans."""
        spans = [span for order in self.orders for span in self.shop.spans(order)]
        served = [span for span in spans if span["span_kind"] == "server"]
        quickest = {
            name: min(span["duration"] for span in served if span["service"] == name)
            for name in SUSPECTS
        }
        return max(quickest, key=quickest.__getitem__)

    def seconds_to_bet(self, bet: str) -> float | None:
        """From the clock's start to the learner's last bet on it; None without one."""
        made = [
            datetime.fromisoformat(record["time"]).timestamp()
            for record in logbook.records()
            if record["kind"] == "bet" and record["exercise"] == bet
        ]
        # The logbook keeps whole seconds.
        return max(0.0, made[-1] - self.opened) if made and made[-1] >= self.opened - 1 else None


def plant(shop: Shop, but: str = "") -> Enquiry:
    """Make one service slow, at random (not `but`), and let six customers order at once."""
    _deliver(shop)
    chosen = random.choice([name for name in SUSPECTS if name != but])
    since = datetime.now(UTC).isoformat()
    with broken(shop, chosen, slow=SLOWNESS):
        orders = place_orders(shop, 6, clients=6)
        lines = [line for line in _all_lines(shop) if (line.get("timestamp") or "") > since]
    return Enquiry(shop, orders, lines)


def compared(without: Enquiry, with_trace: Enquiry) -> show.table:
    """What had to be read each time, and how long the learner took to answer."""
    rows = [
        ("journaux, sans identifiant", len(without.lines), _took(without, "ch11.guilty")),
        ("une trace", len(with_trace.spans()), _took(with_trace, "ch11.guilty_traced")),
    ]
    return show.table(("", "lignes à lire", "votre temps"), rows)


def _took(enquiry: Enquiry, bet: str) -> str:
    seconds = enquiry.seconds_to_bet(bet)
    return "pas de pari" if seconds is None else f"{seconds:.0f} s"


def _anonymous(line: dict) -> str:
    return IDENTIFIERS.sub("…", line["message"])


# -- what a message carries ------------------------------------------------------------------------


def headers_of_an_event(shop: Shop, routing_key: str = "order.confirmed") -> dict[str, str]:
    """Place an order, and return the headers of the event that reports it."""
    _deliver(shop)
    with pika.BlockingConnection(pika.URLParameters(shop.broker.url)) as connection:
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, "shop.events", routing_key)
        shop.post("/orders", MUG)
        event = channel.consume(queue, auto_ack=True, inactivity_timeout=patient(PATIENCE))
        _, properties, _ = next(event)
        return dict(properties.headers or {}) if properties else {}


def services_in(shop: Shop, response: Response) -> list[str]:
    """The services that wrote a span in the trace of a response, in alphabetical order."""
    return sorted({span["service"] for span in shop.spans(response)})


# -- further: an error budget, the coordinated omission --------------------------------------------


def minutes_left(failing: float, objective: float = 0.999, days: float = 30) -> float:
    """Minutes in which a share of failures uses up the whole error budget of `days`."""
    if not failing:
        raise WorkbookError("Aucune erreur cette fois : relancez cette cellule.")
    return round(days * 24 * 60 * (1 - objective) / failing)


def frozen_load(shop: Shop, service: str, path: str, requests: int = 120) -> dict[str, list[float]]:
    """Ask `service` at a steady pace, stop it (SIGSTOP) for a while; return seconds by clock.

    One client, two clocks for each request: since it was sent, and since it was due. The pace is
    what the machine bears, twice the usual answer; the freeze lasts a third of the plan.
    """

    def ask() -> object:
        return shop[service].get(path, timeout=60)

    usual = statistics.median(_timed(ask) for _ in range(20))
    pace = min(max(0.01, 2 * usual), SLOWEST_PACE)
    since_sent, since_due = [], []
    with _frozen(shop, service, requests * pace / 3, after=requests * pace / 5):
        start = time.monotonic()
        for number in range(requests):
            due = start + number * pace
            time.sleep(max(0.0, due - time.monotonic()))
            since_sent.append(_timed(ask))
            since_due.append(time.monotonic() - due)
    return {"depuis l’envoi": since_sent, "depuis l’heure prévue": since_due}


def announced(clocks: Mapping[str, Sequence[float]]) -> str:
    """The option of bet `ch11.omission` that the p99 since the sending is, against the freeze."""
    since_sent, since_due = clocks.values()
    share = quantile(sorted(since_sent), 0.99) / max(since_due)
    if share > 2 / 3:
        return THE_FREEZE
    return A_PART if share > 1 / 5 else NEXT_TO_NOTHING


@contextmanager
def _frozen(shop: Shop, service: str, seconds: float, after: float) -> Iterator[None]:
    """Stop the process of a service `after` some seconds of the block, and let it go on."""
    over = threading.Event()

    def freeze() -> None:
        if not over.wait(after):
            shop.pause(service)
            over.wait(seconds)
            shop.resume(service)

    thread = threading.Thread(target=freeze)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
