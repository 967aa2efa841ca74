"""Experiments on data that several services share: two writes cut apart, a join, an old copy.

Each runs the small services it needs (programs.py) and mends what it broke, also after Ctrl-C.
"""

from __future__ import annotations

import json
import re
import statistics
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, permutations
from typing import TYPE_CHECKING, Any

import pika

from course.ch08.bets import LOST, PHANTOM, SAFE
from course.ch08.books import NOTHING_TO_COME, Fate, fate_of
from course.ch08.programs import BLOC, CARNET, VENTES, till
from workbook import show
from workbook.checks.judge import judging
from workbook.errors import WorkbookError
from workbook.failures.plan import play
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from pika.adapters.blocking_connection import BlockingChannel

    from workbook.shop import Shop
    from workbook.shop.client import Client
    from workbook.tables import Table
    from workbook.views.canvas.picture import Picture

EXCHANGE = "shop.events"
LAMP = {"items": [{"sku": "LAMP", "quantity": 1}], "card": "tok_visa"}


class StillWaiting(WorkbookError):
    """What was waited for has not come in time."""


# -- two writes, and a death between them ----------------------------------------------------------

AFTER = {
    "received": "la demande est arrivée",
    "commit": "la base est écrite",
    "publish": "le message est parti",
    "heard": "le courtier a confirmé",
    "answer": "le client a sa réponse",
}
VERDICTS = {(True, False): LOST, (False, True): PHANTOM}


class Deaths(list[Fate]):
    """What each death left of one order, as a table."""

    def left(self) -> str:
        """The option of bet `ch08.inside` that came true."""
        verdicts = {VERDICTS.get((fate.order, fate.announced), SAFE) for fate in self}
        return next((verdict for verdict in (PHANTOM, LOST) if verdict in verdicts), SAFE)

    def table(self) -> Table:
        """One row a death."""
        rows = [
            (
                AFTER.get(fate.after, fate.after),
                "oui" if fate.order else "non",
                "oui" if fate.announced else "non",
                VERDICTS.get((fate.order, fate.announced), ""),
            )
            for fate in self
        ]
        head = ("Il meurt quand…", "commande écrite", "événement publié", "ce qui reste")
        return show.table(head, rows)

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def deaths(body: str) -> Deaths:
    """Run these lines for one order in a real service, killed after each of its effects in turn.

    It is started again each time; its customer does not ask again.
    """
    found = Deaths()
    with judging((), seed=0) as bench:
        for nth in count(1):
            plan = play(till(body), NOTHING_TO_COME, bench, nth)
            if plan is None:
                break
            found.append(fate_of(plan))
    return found


# -- the outbox of the shop ------------------------------------------------------------------------

POINTS = {
    "avant de valider la transaction": "before_create_commit",
    "la transaction validée": "after_create_commit",
    "avant de publier": "relay_before_publish",
    "l’événement publié, pas encore noté": "relay_after_publish",
}


class Survivors(dict[str, Counter[str]]):
    """For each death of `orders`: its orders, and how often each was announced."""

    def most(self) -> int:
        """Events of the order that was announced most."""
        return max((n for events in self.values() for n in events.values()), default=0)

    def table(self) -> Table:
        """One row a death."""
        rows = [
            (title, len(events), events.total(), "oui" if all(events.values()) else "non")
            for title, events in self.items()
        ]
        return show.table(("orders meurt…", "commandes", "événements", "d’accord"), rows)


def kill_orders(shop: Shop) -> Survivors:
    """Kill `orders` at each place around its outbox while it takes an order; start it again."""
    # All of its events: one that has to be read, and is not, would stay in the outbox.
    with _listening(shop, "order.#") as (channel, queue):
        return Survivors(
            {title: _outlived(shop, point, channel, queue) for title, point in POINTS.items()}
        )


def _outlived(shop: Shop, point: str, channel: BlockingChannel, queue: str) -> Counter[str]:
    before = _orders(shop)
    try:
        shop.fault("orders", crash=f"orders:{point}:1")
        shop.post("/orders", LAMP, timeout=patient(15))
        _require(until(lambda: not shop.services["orders"].running, patient(10)))
    finally:
        shop.restart("orders")  # which disarms the crash point as well
    # Its saga too: it has events of its own, and must not be what the next death befalls.
    _require(until(lambda: _pending(shop) == 0 and _all_ended(shop), patient(20), every=0.05))
    created = [e["data"] for e in _taken(channel, queue) if e["type"] == "ORDER_CREATED"]
    announced = Counter(event["order_id"] for event in created)
    return Counter({order: announced[order] for order in _orders(shop) - before}) | announced


def _orders(shop: Shop) -> set[str]:
    return {order["id"] for order in _listed(shop)}


def _all_ended(shop: Shop) -> bool:
    return all(order["status"] != "PENDING" for order in _listed(shop))


def _listed(shop: Shop) -> list[dict[str, Any]]:
    return shop.get("/orders?limit=100").json()["orders"]


def _pending(shop: Shop) -> float | None:
    """Events in the outbox of `orders` that are not published yet."""
    found = re.search(r"^outbox_pending_events (\S+)", shop["orders"].get("/metrics").text, re.M)
    return float(found[1]) if found else None


# -- the join --------------------------------------------------------------------------------------

JOIN, CALLS, BATCH, COPY = "jointure", "appels", "lot", "copie"
WAYS = {
    JOIN: "une base, une jointure",
    CALLS: "un appel par ligne",
    BATCH: "un appel pour toutes",
    COPY: "copie locale",
}
CUSTOMERS = ("alice", "bob", "chloe", "david", "emma")
LINES = 20
PAGES = 10


def open_books(shop: Shop) -> None:
    """Run `carnet`, `ventes` and `bloc`: twenty sales to five customers, in both ways."""
    for name, source in (("carnet", CARNET), ("ventes", VENTES), ("bloc", BLOC)):
        shop.serve(name, source)
    for names, sales in (("carnet", "ventes"), ("bloc", "bloc")):
        for customer in CUSTOMERS:
            rename(shop, customer, customer.capitalize(), at=names)
        for line in range(LINES):
            customer = CUSTOMERS[line % len(CUSTOMERS)]
            shop[sales].put(f"/ventes/{line}", {"customer": customer})
    _require(until(lambda: len(read_page(shop, COPY)) == LINES, patient(15)))


def rename(shop: Shop, customer: str, name: str, at: str = "carnet") -> dict[str, Any]:
    """Give a customer a name; what the service answers says which version this is, and when."""
    return shop[at].put(f"/clients/{customer}", {"name": name}).json()


def read_page(shop: Shop, way: str) -> list[dict[str, Any]]:
    """The page of the sales, with the customer's name on each line."""
    return _page_client(shop, way).get(f"/pages/{way}", timeout=patient(10)).json()["lines"]


def _page_client(shop: Shop, way: str) -> Client:
    return shop["bloc" if way == JOIN else "ventes"]


@dataclass
class Pages:
    """Seconds a page took, and calls it made, by way."""

    seconds: dict[str, float]
    calls: dict[str, int]

    def ratio(self) -> int:
        """How many times longer than a join one call a line took."""
        return round(self.seconds[CALLS] / self.seconds[JOIN])

    def picture(self) -> Picture:
        """One bar a way."""
        return show.bars(
            {WAYS[way]: {"durée": round(1000 * s, 1)} for way, s in self.seconds.items()},
            title="Une page de vingt ventes, avec le nom de chaque client",
            unit="millisecondes",
            notes={WAYS[way]: f"appels : {n}" for way, n in self.calls.items()},
        )


def time_pages(shop: Shop, rounds: int = 5) -> Pages:
    """The median duration of a page, the ways in turn, and the calls of one page."""
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            answer = _page_client(shop, way).get(f"/pages/{way}", timeout=patient(10))
            seconds[way].append(answer.elapsed.total_seconds())
    calls = {}
    for way in WAYS:
        answer = _page_client(shop, way).get(f"/pages/{way}", timeout=patient(10))
        calls[way] = sum(map(_is_call, shop.spans(answer)))
    return Pages({way: statistics.median(seconds[way]) for way in WAYS}, calls)


# -- the torn read ---------------------------------------------------------------------------------

NAMES = ("Alice Martin", "Alice Durand")


class Torn(dict[str, int]):
    """How many pages showed one customer under two names, by way."""

    def table(self) -> Table:
        """One row a way."""
        rows = [(WAYS[way], f"{n} sur {PAGES}") for way, n in self.items()]
        return show.table(("", "pages où Alice a deux noms"), rows)


def tear(shop: Shop) -> Torn:
    """Read pages in each way while Alice changes her name again and again."""
    torn = Torn()
    for way in WAYS:
        with _renaming(shop, "bloc" if way == JOIN else "carnet"):
            torn[way] = sum(len(_names_of_alice(shop, way)) > 1 for _ in range(PAGES))
        settle_copy(shop)
    return torn


def _names_of_alice(shop: Shop, way: str) -> set[str]:
    lines = read_page(shop, way)
    return {line["name"] for line in lines if CUSTOMERS[line["sale"] % len(CUSTOMERS)] == "alice"}


@contextmanager
def _renaming(shop: Shop, at: str) -> Iterator[None]:
    """A block during which Alice changes her name; it begins once she has done so twice."""
    stopping, begun = threading.Event(), threading.Event()

    def write() -> None:
        for number in count():
            rename(shop, "alice", NAMES[number % 2], at)
            if number:
                begun.set()
            if stopping.wait(0.004):
                return

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    try:
        _require(begun.wait(patient(10)))
        yield
    finally:
        stopping.set()
        writer.join()


def settle_copy(shop: Shop) -> None:
    """Wait until the copy has Alice's last version."""
    last = shop["carnet"].get("/clients/alice").json()["version"]
    _require(until(lambda: copied_version(shop) >= last, patient(20)))


def copied_version(shop: Shop) -> int:
    """The version of Alice in the copy."""
    return shop["ventes"].get("/noms/alice").json()["version"]


# -- how old the copy is ---------------------------------------------------------------------------

CALM, BURST = "un changement à la fois", "une rafale de changements"


class Delays(dict[str, list[float]]):
    """Seconds for which the copy lacked a change, by circumstance."""

    def typical(self) -> int:
        """The median of the quiet ones, in milliseconds."""
        return round(1000 * statistics.median(self[CALM]))

    def picture(self) -> Picture:
        """Both distributions."""
        return show.distribution(self, title="Pendant combien de temps la copie a l’ancien nom")


def measure_delays(shop: Shop, changes: int = 20, burst: int = 80) -> Delays:
    """Rename Alice, wait for the copy, and again; then many times without waiting."""
    settle_copy(shop)
    start = len(_delays(shop))
    for number in range(changes):
        rename(shop, "alice", NAMES[number % 2])
        settle_copy(shop)
    for number in range(burst):
        rename(shop, "alice", NAMES[number % 2])
    settle_copy(shop)
    seconds = _delays(shop)[start:]
    return Delays({CALM: seconds[:changes], BURST: seconds[changes:]})


def _delays(shop: Shop) -> list[float]:
    return shop["ventes"].get("/retards").json()["seconds"]


# -- reading one's own writes ----------------------------------------------------------------------


@dataclass
class Reads:
    """Of reads that follow a write: how many came before the copy, and how many asked `carnet`.

    `at_once` of them came right after a write.
    """

    at_once: int
    reads: int
    old: int
    asked: int


class OwnReads(dict[str, Reads]):
    """Reads by way, as a table."""

    def table(self) -> Table:
        """One row a way."""
        rows = [(title, r.at_once, r.old, r.reads, r.asked) for title, r in self.items()]
        head = ("", "lues aussitôt", "ancien nom", "lectures en tout", "appels à carnet")
        return show.table(head, rows)


def read_own(shop: Shop, with_version: bool, rounds: int = 20, later: int = 2) -> Reads:
    """Write, read at once, and some more times once the copy has come; count the old names."""
    settle_copy(shop)
    result = Reads(rounds, 0, 0, 0)
    with _calls(shop, "ventes", "carnet") as calls:
        for number in range(rounds):
            mine = rename(shop, "alice", NAMES[number % 2])["version"]
            asked = f"/noms/alice?version={mine}" if with_version else "/noms/alice"
            result.old += shop["ventes"].get(asked).json()["version"] < mine
            _require(until(lambda v=mine: copied_version(shop) >= v, patient(15)))
            for _ in range(later):
                shop["ventes"].get(asked)
            result.reads += 1 + later
        shop.spans(shop["ventes"].get("/noms/alice"))  # its span in, the earlier ones are too
    result.asked = len(calls)
    return result


# -- every arrival of three events -----------------------------------------------------------------

HISTORY = (
    {"type": "CUSTOMER_CHANGED", "customer": "zoe", "version": 1, "name": "Zoé"},
    {"type": "CUSTOMER_CHANGED", "customer": "zoe", "version": 2, "name": "Zoé Petit"},
    {"type": "CUSTOMER_DELETED", "customer": "zoe", "version": 3},
)


class Arrivals:
    """Copies after every arrival of three events, each delivered twice."""

    def __init__(self, apply: Callable[[dict, dict], object]) -> None:
        self.orders = sorted(set(permutations((0, 1, 2) * 2)))
        self.ghosts = [order for order in self.orders if self._leaves(order, apply)]

    @staticmethod
    def _leaves(order: Sequence[int], apply: Callable[[dict, dict], object]) -> bool:
        copy: dict[str, dict] = {}
        for place in order:
            apply(copy, dict(HISTORY[place]))
        return "zoe" in copy

    def __repr__(self) -> str:
        told = f"{len(self.orders)} arrivées, {len(self.ghosts)} où Zoé est encore là."
        if self.ghosts:
            order = ", ".join(f"v{HISTORY[place]['version']}" for place in self.ghosts[0])
            told += f" La première{chr(0xA0)}: {order}."
        return told


# -- a copy that looks at the clock ----------------------------------------------------------------


def read_late(shop: Shop, make: Callable[..., Any], rounds: int = 20) -> int:
    """How many reads are older than the reader's own write, of `rounds`.

    Each time another person renames Alice, then the reader does; only the first event has come.
    """

    def ask(customer: str) -> dict[str, Any]:
        return shop["carnet"].get(f"/clients/{customer}").json()

    old = 0
    with _listening(shop, "customer.changed") as (channel, queue):
        for number in range(rounds):
            reader = make(ask)
            rename(shop, "alice", NAMES[number % 2])
            written = rename(shop, "alice", f"Alice {number}")
            events = _awaited(channel, queue, 2)
            reader.on_event(events[0]["data"])
            old += reader.read("alice", written) != written["name"]
    return old


# -- small tools -----------------------------------------------------------------------------------


@contextmanager
def _listening(shop: Shop, key: str) -> Iterator[tuple[BlockingChannel, str]]:
    """A channel, and a queue of its own that gets the events of that key."""
    with pika.BlockingConnection(pika.URLParameters(shop.broker.url)) as connection:
        channel = connection.channel()
        channel.exchange_declare(EXCHANGE, "topic", durable=True)
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, EXCHANGE, key)
        yield channel, queue


def _taken(channel: BlockingChannel, queue: str) -> Iterator[dict[str, Any]]:
    """The events that are now in the queue."""
    while (body := channel.basic_get(queue, auto_ack=True)[2]) is not None:
        yield json.loads(body)


def _awaited(channel: BlockingChannel, queue: str, number: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def enough() -> bool:
        found.extend(_taken(channel, queue))
        return len(found) >= number

    _require(until(enough, patient(15)))
    return found


@contextmanager
def _calls(shop: Shop, caller: str, called: str) -> Iterator[list[dict]]:
    """The spans of the calls from one service to another that are told during the block."""
    calls: list[dict] = []

    def told(record: Mapping[str, Any]) -> None:
        if _is_call(record) and record["attributes"].get("peer.service") == called:
            calls.append(dict(record))

    end = shop.telemetry.listen(told)
    try:
        yield calls
    finally:
        end()


def _is_call(span: Mapping[str, Any]) -> bool:
    """Whether it is a call that `ventes` made."""
    return span["kind"] == "span" and (span["service"], span["span_kind"]) == ("ventes", "client")


def _require(condition: object) -> None:
    if not condition:
        raise StillWaiting("Rien de nouveau depuis longtemps : relancez cette cellule.")
