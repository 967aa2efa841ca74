"""The stage of an incident: a fresh shop with its customers, and what can be done to it."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

import pika

from course.lab5.customers import PAUSE, Crowd, Window
from course.lab5.ledgers import KEEPERS, Ledgers
from course.lab5.releases import Releases
from workbook.errors import WorkbookError
from workbook.shop import Shop
from workbook.views.canvas.words import NBSP
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.incident import Incident as BlackBox

SERVICES = ("gateway", "auth", "products", "inventory", "payments", "orders", "notifications")
EXCHANGE, MAIL_QUEUE = "shop.events", "notifications.orders"
TABLES = """
    SELECT name FROM sqlite_master
    WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'lease'
"""
SHELVES = {"LAMP": 100_000, "CHAIR": 100_000, "DESK": 100_000, "MUG": 100_000, "BOOK": 5_000}
CALM = 60.0  # seconds that a shop may need to sell again


def open_shop() -> Shop:
    """The shop of this lab; its breakers try again after a second."""
    os.environ["BREAKER_OPEN_SECONDS"] = "1"
    return Shop.start(*SERVICES)


class Stage:
    """A shop that keeps its promises when `open()` returns, recorded until `close()`."""

    def __init__(self, shop: Shop, pause: float = PAUSE) -> None:
        self.shop, self._pause = shop, pause
        self.releases = Releases(shop)
        self.crowd = Crowd(shop, pause)
        self.ledgers: Ledgers
        self.recording: BlackBox
        self.closing = ExitStack()
        self._extras: set[str] = set()
        self._forgiven: set[tuple[str, str | None]] = set()

    def open(self) -> None:
        """Empty books, full shelves, customers inside, the recorder on."""
        self._renew()
        self.ledgers = Ledgers(self.shop)
        self.crowd = Crowd(self.shop, self._pause)
        self.crowd.open()
        if not until(lambda: self.window(8).served, patient(CALM)):
            self.close()
            raise WorkbookError("La boutique ne tient pas ses promesses : relancez cette cellule.")
        self.recording = self.shop.record()

    def close(self) -> None:
        """Customers out, recorder off, the shop's own services back. Idempotent."""
        self.crowd.close()
        if hasattr(self, "recording"):
            self.recording.stop()
        if self.shop.closed:
            return
        with suppress(WorkbookError):
            self.closing.close()
        for name in self._extras:
            self.shop.withdraw(name)
        self._extras.clear()
        self.releases.withdraw_all()

    def window(self, count: int = 16) -> Window:
        """What the next `count` visits of customers came to, mails and debits included.

        Customers wait outside while the mails of those visits are waited for.
        """
        visits = self.crowd.since(time.time(), count)
        with self.crowd.outside():
            return self.ledgers.audited(visits)

    def forgive(self, invariants: Collection[str], orders: Collection[str | None]) -> None:
        """What these orders break of these invariants cannot be mended any more."""
        self._forgiven = {(invariant, order) for invariant in invariants for order in orders}

    def books_wrong(self, seconds: float) -> list[str]:
        """What the books break once all is quiet, or after `seconds`, in words."""
        wrong = self.ledgers.settled(self.crowd.history, seconds, self._forgiven)
        return [f"{found.invariant} : {found.subject}, {found.text}" for found in wrong]

    @contextmanager
    def at_night(self) -> Iterator[None]:
        """Nobody is inside: to deploy hurts no one, and every message has been read."""
        with self.crowd.outside():
            until(lambda: not self.books_wrong(0), patient(5))
            yield

    def publish(self, routing_key: str, id: str, data: dict) -> None:
        """Publish an event as the services do, and wait until the broker has it."""
        body = {"id": id, "type": routing_key.replace(".", "_").upper(), "data": data}
        self._publish([(routing_key, id, json.dumps(body))])

    def replay(self, service: str) -> int:
        """Publish again all that a service has ever published; how many events it was."""
        rows = self.ledgers.rows(service, "outbox")
        told = [row for row in rows if row["published_at"] is not None]
        self._publish([(row["routing_key"], row["message_id"], row["body"]) for row in told])
        return len(told)

    def ask_the_broker(self, verb: str, **arguments: object) -> None:
        """One command of pika's channel, on a connection of its own."""
        channel = self.channel()
        getattr(channel, verb)(**arguments)
        channel.connection.close()

    def _publish(self, events: Sequence[tuple[str, str, str]]) -> None:
        channel = self.channel()
        channel.confirm_delivery()
        for routing_key, id, body in events:
            properties = pika.BasicProperties(message_id=id, delivery_mode=2)
            channel.basic_publish(EXCHANGE, routing_key, body, properties)
        channel.connection.close()

    def fill_shelf(self, sku: str, units: int) -> None:
        """Count again an article: so many units can be sold."""
        answer = self.shop["inventory"].put(f"/stock/{sku}", {"available": units}).json()
        self.ledgers.stock[sku] = answer["available"] + answer["reserved"] + answer["sold"]

    def run_beside(self, name: str, source: str) -> None:
        """Run a program of somebody else's beside the shop: a migration, a partner's script."""
        self._extras.add(name)
        self.shop.serve(name, source, worker=True)

    def channel(self) -> pika.adapters.blocking_connection.BlockingChannel:
        """A channel to the shop's RabbitMQ, on a connection of its own."""
        return pika.BlockingConnection(pika.URLParameters(self.shop.broker.url)).channel()

    def _renew(self) -> None:
        """The shop's own services, one instance each, and books without a line."""
        for name, service in list(self.shop.services.items()):
            if service.is_learners:
                self.shop.reset(name)
        self.shop.heal(list(SERVICES))
        for name in SERVICES:
            self.shop.scale(name, 1)
        self._purge()
        for name in KEEPERS:
            empty(self.shop.run_folder / "data" / f"{name}.db")
        for sku, units in SHELVES.items():
            self.shop["inventory"].put(f"/stock/{sku}", {"available": units})

    def _purge(self) -> None:
        for queue in (MAIL_QUEUE, f"{MAIL_QUEUE}.dead"):
            if not until(partial(self._is_purged, queue), patient(CALM), every=0.2):
                raise WorkbookError(f"RabbitMQ ne vide pas {queue}{NBSP}: relancez cette cellule.")

    def _is_purged(self, queue: str) -> bool:
        """Whether it is empty now; a queue whose leader has just been elected answers by a 541."""
        try:
            self.ask_the_broker("queue_purge", queue=queue)
        except pika.exceptions.AMQPError:
            return False
        return True


def empty(file: Path) -> None:
    """Take every line out of a service's books, under its feet: it keeps none of them in memory."""
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        tables = database.execute(TABLES).fetchall()
        for (table,) in tables:
            database.execute(f'DELETE FROM "{table}"')
        database.execute("COMMIT")
