"""Experiments on the module's challenges and key points: versions of an event, a process asleep.

Each runs the small programs it needs (programs.py), and mends what it broke, also after Ctrl-C.
Everything is waited for by a condition; nothing depends on how fast the machine is.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pika

from course.ch12.bets import ACCEPTED, BY_A, BY_B, NO_PRICE, UNAVAILABLE, UNKNOWN
from course.ch12.programs import READS, lock, reader, robot, shelf
from course.ch12.toolbox import toolbox
from workbook import show
from workbook.errors import WorkbookError
from workbook.failures.words import euros
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.shop import Shop
    from workbook.shop.client import Response
    from workbook.tables import Table
    from workbook.views.canvas.picture import Picture

__all__ = ["toolbox"]

PATIENCE = 30.0
MUG = {"items": [{"sku": "MUG", "quantity": 1}], "card": "tok_visa"}


class NotNow(WorkbookError):
    """An experiment could not be made; the text says what to do."""


class UnknownVersion(Exception):
    """Cet événement est d’une version que ce lecteur ne connaît pas."""


def _require(condition: object, what: str) -> None:
    if not condition:
        raise NotNow(f"{what} : relancez cette cellule.")


# -- two versions of one event ---------------------------------------------------------------------

PRICE, SALES = 3990, 10
COUNTED, REFUSED, MISCOUNTED = "comptées juste", "refusées", "comptées pour rien"
FATES = (COUNTED, REFUSED, MISCOUNTED)


def first_version(number: int) -> dict[str, Any]:
    """A sale as it was told yesterday."""
    return {
        "type": "ORDER_CONFIRMED",
        "data": {"order_id": f"A{number}", "total_cents": PRICE},
    }


def second_version(number: int) -> dict[str, Any]:
    """The same, as it is told from today on."""
    total = {"amount_cents": PRICE, "currency": "EUR"}
    return {
        "type": "ORDER_CONFIRMED",
        "version": 2,
        "data": {"order_id": f"A{number}", "total": total},
    }


class Readings(dict[str, list[dict]]):
    """What each reader made of the sales: the cents that it counted, or why it refused."""

    def counted(self, name: str) -> int:
        """How many sales a reader counted at their price."""
        return sum(told.get("cents") == PRICE for told in self[name])

    def picture(self) -> Picture:
        """A bar a reader; what it announces in all is noted after it."""
        rows = {name: dict(Counter(map(_fate, told))) for name, told in self.items()}
        return show.bars(
            {name: {fate: fates.get(fate, 0) for fate in FATES} for name, fates in rows.items()},
            title="Quatre lecteurs devant dix ventes, cinq de chaque version",
            unit="ventes",
            notes={name: f"annonce {_euros(told)}" for name, told in self.items()},
        )

    def _ipython_display_(self) -> None:
        self.picture().show()


def _fate(told: dict) -> str:
    if "refused" in told:
        return REFUSED
    return COUNTED if told["cents"] == PRICE else MISCOUNTED


def _euros(told: Sequence[dict]) -> str:
    cents = sum(one.get("cents", 0) for one in told)
    return f"{cents / 100:.2f}\u00a0€".replace(".", ",")


def update_overnight(shop: Shop) -> int:
    """Yesterday's sales wait in the queue; the reader that starts is the one of version 2."""
    told = _read(shop, "le neuf", [first_version(number) for number in range(SALES)])
    return sum(one.get("cents") == PRICE for one in told)


def read_both_versions(shop: Shop) -> Readings:
    """Each reader before the same ten sales, told by turns in both versions."""
    makers = (first_version, second_version)
    sales = [makers[number % 2](number) for number in range(SALES)]
    return Readings({name: _read(shop, name, sales) for name in READS})


def _read(shop: Shop, name: str, events: Sequence[dict]) -> list[dict]:
    """What a reader, a real process, prints of these events."""
    queue = f"ventes-{uuid.uuid4().hex[:8]}"
    with pika.BlockingConnection(pika.URLParameters(shop.broker.url)) as connection:
        channel = connection.channel()
        channel.queue_declare(queue, durable=True)
        try:
            for event in events:
                channel.basic_publish("", queue, json.dumps(event))
            shop.serve("lecteur", reader(name, queue), worker=True)
            _require(
                until(lambda: len(_printed(shop)) >= len(events), patient(PATIENCE)),
                "Le lecteur n’a pas tout lu",
            )
            return _printed(shop)
        finally:
            shop.withdraw("lecteur")
            connection.channel().queue_delete(queue)


def _printed(shop: Shop) -> list[dict]:
    [instance] = shop.services["lecteur"].instances.values()
    told = [json.loads(line) for line in instance.process.lines if line.startswith("{")]
    return [one for one in told if {"cents", "refused"} & one.keys()]


# -- a process asleep ------------------------------------------------------------------------------

LEASE_SECONDS, TRIES = 1.5, 3


class Shelf(dict[str, Any]):
    """The shelf after both robots have written: its price, and the book of what it was sent.

    `late` is the answer to the request that A was asleep in.
    """

    late: Response

    def price(self) -> str:
        """The option of bet `ch12.asleep` that came true."""
        return {3990: BY_A, 4490: BY_B}.get(self["prix"], NO_PRICE)

    def table(self) -> Table:
        """One row a write, in the order in which they came."""
        words = {True: "écrit", False: "refusé"}
        rows = [
            (line["qui"], line["jeton"], euros(line["prix"]), words[line["accepted"]])
            for line in self["livre"]
        ]
        caption = f"Prix en rayon à la fin\u00a0: {euros(self['prix'])}"
        return show.table(("Qui écrit", "jeton", "prix", "le rayon"), rows, caption)

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def sleep_and_write(shop: Shop, fencing: bool = False) -> Shelf:
    """Robot A is put to sleep between its last check and its write; meanwhile B takes over."""
    for _ in range(TRIES):
        # On a busy machine A may find its lease over before it has begun.
        if left := _try_to_sleep_and_write(shop, fencing):
            return left
    raise NotNow("A n’est pas arrivé à l’endroit voulu : relancez cette cellule.")


def _try_to_sleep_and_write(shop: Shop, fencing: bool) -> Shelf | None:
    seconds = patient(LEASE_SECONDS)
    gate = Path(shop.run_folder) / f"gate-{uuid.uuid4().hex[:8]}"
    programs = {
        "verrou": lock(seconds),
        "rayon": shelf(fencing),
        "robot-a": robot(seconds, str(gate)),
        "robot-b": robot(seconds),
    }
    with _running(shop, programs):
        answers: list[Response] = []
        writing = threading.Thread(target=lambda: answers.append(_set_price(shop, "robot-a", 3990)))
        writing.start()
        try:
            if not _comes_to(gate, writing):
                return None
            shop.pause("robot-a")
            gate.touch()  # awake, it would go on
            free = until(lambda: shop["verrou"].get("/bail").json()["libre"], patient(PATIENCE))
            _require(free, "Le bail d’A n’a pas pris fin")
            until(lambda: _set_price(shop, "robot-b", 4490).ok, patient(PATIENCE), every=0.1)
        finally:
            gate.touch()
            shop.resume("robot-a")
            writing.join()
        left = Shelf(shop["rayon"].get("/prix").json())
        [left.late] = answers
        shop.spans(left.late)  # they have come in before their services go
        return left


def _comes_to(gate: Path, writing: threading.Thread) -> bool:
    reached = Path(f"{gate}.reached")
    until(lambda: reached.exists() or not writing.is_alive(), patient(PATIENCE))
    return reached.exists()


def _set_price(shop: Shop, name: str, price: int) -> Response:
    return shop[name].post("/prix", {"prix": price}, timeout=10 * PATIENCE)


@contextmanager
def _running(shop: Shop, programs: dict[str, str]) -> Iterator[None]:
    try:
        for name, program in programs.items():
            shop.serve(name, program)
        yield
    finally:
        for name in programs:
            shop.withdraw(name)


# -- the six key points ----------------------------------------------------------------------------


PAGES = ("/products", "/stock", "/users/me", "/orders", "/notifications")
READS_OF_PRODUCTS = 60


def pages_without(shop: Shop, name: str) -> int:
    """How many of five pages are served while a service is dead."""
    with _dead(shop, name):
        return sum(bool(_once_ready(lambda p=path: shop.get(p).ok)) for path in PAGES)


def redeploy_under_reads(shop: Shop) -> int:
    """Two instances are replaced one after the other under readers; how many reads fail."""
    shop.scale("products", 2)
    _await_both(shop)
    statuses: list[int] = []
    done = threading.Thread(target=lambda: _read_pages(shop, statuses))
    done.start()
    try:
        for number, instance in enumerate(("products-1", "products-2"), 1):
            until(lambda n=number: len(statuses) >= n * READS_OF_PRODUCTS // 3, patient(PATIENCE))
            shop.restart(instance)
            _await_both(shop)
    finally:
        done.join()
        shop.scale("products", 1)
    return sum(status != HTTPStatus.OK for status in statuses)


def _read_pages(shop: Shop, statuses: list[int]) -> None:
    while len(statuses) < READS_OF_PRODUCTS:
        statuses.append(shop.get("/products/LAMP").status_code)


def _await_both(shop: Shop) -> None:
    """Until the gateway calls both instances: it asks the registry once a second."""
    met: set[str] = set()

    def told(record: dict) -> None:
        if record.get("kind") == "span" and record["service"] == "products":
            met.add(record["instance"])

    def all_met() -> bool:
        shop.get("/products/MUG")
        return len(met) >= 2

    end = shop.telemetry.listen(told)
    try:
        seen = until(all_met, patient(PATIENCE), every=0.05)
    finally:
        end()
    _require(seen, "La passerelle ne voit pas les deux exemplaires")


def mails_after_a_death(shop: Shop) -> int:
    """Three orders while notifications is dead; it comes back: how many customers it writes to."""
    with _dead(shop, "notifications"):
        orders = [_order(shop)["id"] for _ in range(3)]

    def written() -> int:
        text = shop.get("/notifications").text
        return sum(order in text for order in orders)

    until(lambda: written() == len(orders), patient(PATIENCE))
    return written()


class OneOrder:
    """One order, looked at from outside: the bases that changed, the services in its trace."""

    def __init__(self, shop: Shop) -> None:
        before = _bases(shop)
        response = _ordered(shop)
        order = response.json()["id"]
        _require(
            _once_ready(lambda: order in shop.get("/notifications").text),
            "Le courriel n’est pas arrivé",
        )
        after = _bases(shop)
        self.written = sorted(name for name in after if after[name] != before.get(name))
        # Auth is asked for its keys about once a minute, by whichever order comes then.
        traced = {span["service"] for span in shop.spans(response)}
        self.services = sorted(traced - {"client", "auth"})

    def table(self) -> Table:
        """Both lists."""
        rows = [
            ("bases où elle a écrit", ", ".join(self.written)),
            ("services de sa trace", ", ".join(self.services)),
        ]
        return show.table(("Une commande", ""), rows, left=2)

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def _bases(shop: Shop) -> dict[str, str]:
    """A digest of what each service keeps, leases left out: these are renewed all the time."""
    files = sorted((Path(shop.run_folder) / "data").glob("*.db"))
    return {file.stem: _digest(file) for file in files if file.stem in shop.services}


def _digest(file: Path) -> str:
    found = hashlib.sha256()
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=PATIENCE)) as base:
        names = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in sorted(names):
            if name != "lease":
                rows = base.execute(f'SELECT * FROM "{name}"').fetchall()
                found.update(repr((name, sorted(map(repr, rows)))).encode())
    return found.hexdigest()


def order_without_auth(shop: Shop) -> str:
    """The option of bet `ch12.authorized` that came true: Alice orders, and auth is dead."""
    _order(shop)  # whoever needs the keys has them
    statuses: list[int] = []

    def told() -> bool:
        statuses.append(shop.post("/orders", MUG).status_code)
        return statuses[-1] in (HTTPStatus.CREATED, HTTPStatus.UNAUTHORIZED)

    with _dead(shop, "auth"):
        until(told, patient(PATIENCE), every=0.2)  # busy, orders says 202, or 503 for a moment
    known = {
        HTTPStatus.CREATED: ACCEPTED,
        HTTPStatus.UNAUTHORIZED: UNKNOWN,
    }
    return known.get(statuses[-1], UNAVAILABLE)


def _order(shop: Shop) -> dict[str, Any]:
    return _ordered(shop).json()


def _ordered(shop: Shop) -> Response:
    """A confirmed order; on a busy machine one may be answered 202, and confirmed later."""
    found: list[Response] = []

    def placed() -> bool:
        found.append(shop.post("/orders", MUG))
        return found[-1].status_code == HTTPStatus.CREATED

    _require(until(placed, patient(PATIENCE), every=0.2), "Aucune commande n’est confirmée")
    return found[-1]


def _once_ready(answered: Callable[[], object]) -> object:
    """What is just started, or busy, may refuse for a moment."""
    return until(answered, patient(PATIENCE), every=0.1)


@contextmanager
def _dead(shop: Shop, name: str) -> Iterator[None]:
    """Without this service for a while."""
    shop.kill(name)
    try:
        yield
    finally:
        shop.restart(name)
        _require(_once_ready(lambda: shop.get("/users/me").ok), "La boutique ne répond plus")
