"""What a till that was killed has left: the orders in its database, the events in its queue.

The experiment and the check of `ch08.outbox` read the same books.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from course.ch08.programs import QUEUE, TILL_DATABASE
from workbook.failures.plan import Line, Plan, Trial
from workbook.failures.worker import Server

ORDERS, EVENTS = "commandes dans la base", "commandes annoncées"


@dataclass
class Books:
    """The orders and the events of one till, over all its lives; what is read is kept."""

    till: Server
    statuses: dict[str, int | None] = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)
    unreadable: list[str] = field(default_factory=list)

    def ask(self) -> str:
        """Place one order, and keep the status of its answer, None where there was none."""
        order = self.till.bench.unique("commande")
        self.statuses[order] = self.till.post("/orders", {"id": order, "sku": "LAMP"})
        return order

    @property
    def answered(self) -> set[str]:
        """Orders whose customer was told 201."""
        return {order for order, status in self.statuses.items() if status == 201}

    @property
    def orders(self) -> set[str]:
        """Those of ours in the table `orders`; another reader's view, so only what is committed."""
        path = self.till.file(TILL_DATABASE)
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
                found = database.execute("SELECT id FROM orders").fetchall()
        except sqlite3.Error:  # no table yet, or being written
            return set()
        return {id for (id,) in found}

    def read(self) -> None:
        """Take the events that have come since."""
        for body in self.till.take(QUEUE):
            order = order_of(body)
            if order is None:
                self.unreadable.append(body)
            else:
                self.events[order] += 1

    def lost(self) -> set[str]:
        """Orders without an event, by now."""
        self.read()
        return self.orders - set(self.events)

    def phantoms(self) -> set[str]:
        """Orders announced and not in the database."""
        self.read()
        return set(self.events) - self.orders

    def lines(self) -> list[Line]:
        """As a plan shows them."""
        lost, phantoms = self.lost(), self.phantoms()
        orders, announced = len(self.orders), len(self.events)
        return [
            Line(ORDERS, str(orders + len(phantoms)), str(orders), not phantoms),
            Line(EVENTS, str(orders), str(announced), not (lost or phantoms)),
        ]


def order_of(body: str) -> str | None:
    """The order of an event in JSON; None for anything else."""
    try:
        event = json.loads(body)
        return str(event["order_id"]) if event["type"] == "ORDER_CREATED" else None
    except (ValueError, KeyError, TypeError):
        return None


def _one_order(till: Server) -> Books:
    books = Books(till)
    books.ask()
    return books


def _settled(till: Server, books: Books) -> bool:
    return not books.lost()


def trial(settled: Any) -> Trial:
    """One order, whose customer does not ask again."""
    return Trial(
        "caisse", "", send=_one_order, settled=settled, books=lambda till, books: books.lines()
    )


TILL = trial(_settled)
NOTHING_TO_COME = trial(lambda till, books: True)


@dataclass(frozen=True)
class Fate:
    """What a death left of one order: in the database, and announced."""

    after: str
    order: bool
    announced: bool


def fate_of(plan: Plan) -> Fate:
    """The fate of the one order of a plan."""
    found = {line.what: int(line.found) for line in plan.books}
    effects = plan.death.effects if plan.death else ()
    return Fate(effects[-1] if effects else "", bool(found[ORDERS]), bool(found[EVENTS]))
