"""The shortest fatal path, played again on real processes: HTTP, commits, `kill -9`, a restart.

The participants are those that run in the shop, its own or the learner's; the orchestrator is a
real service of that shop (`workbook.failures.orchestrator`), with the decisions of the saga. The
black box records it all, and the books are read from the databases, judged as the tree's are.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook.errors import WorkbookError
from workbook.failures.books import Books
from workbook.failures.contract import AVAILABLE, CHARGED, REFUNDED, RESERVED, SOLD
from workbook.failures.invariants import Account
from workbook.failures.judging import TOTAL_CENTS, Judge, judged
from workbook.failures.saga import (
    ARRIVES,
    ATTEMPTS,
    DEAD_AFTER,
    DEAD_BEFORE,
    LATE,
    NAMES,
    REFUSED,
    Step,
)
from workbook.failures.words import BROKEN, ENDS, euros, fatal_words
from workbook.shop.client import ServiceUnreachable
from workbook.tables import html_table, text_table
from workbook.views.canvas.words import NBSP
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.failures.exploration import Exploration
    from workbook.incident import Incident
    from workbook.shop import Shop

ORCHESTRATOR, SECONDS = "orders", 10.0
PROGRAM = Path(__file__).with_name("orchestrator.py")  # run as a service of the shop
DEATHS = {DEAD_BEFORE, DEAD_AFTER}
HEAD = ("Dans les livres", "L’arbre l’a prévu", "Les vrais processus")


class Route(NamedTuple):
    """How a command is asked of a service of the shop."""

    participant: str
    method: str
    path: str
    body: str = ""
    refusal: int = 0


ROUTES = {
    "reserve": Route("inventory", "PUT", "/reservations/{key}", "items", 409),
    "charge": Route("payments", "PUT", "/charges/{key}", "charge", 402),
    "confirm": Route("inventory", "POST", "/reservations/{key}/confirmation"),
    "refund": Route("payments", "PUT", "/refunds/{key}"),
    "release": Route("inventory", "DELETE", "/reservations/{key}"),
}


class Replayed:
    """What came of a path on real processes: `incident`, its recording, and the books it left."""

    def __init__(
        self, exploration: Exploration, expected: Account, found: Account, incident: Incident
    ) -> None:
        self.exploration, self.expected, self.found = exploration, expected, found
        self.incident = incident

    @property
    def wrong(self) -> tuple[str, ...]:
        """The invariants that the real books break."""
        return _broken(self.found)

    @property
    def agrees(self) -> bool:
        """Whether the real books are those of the tree, and as wrong."""
        same = all(expected == found for _, expected, found in self.rows())
        return same and self.wrong == _broken(self.expected)

    def rows(self) -> list[tuple[str, str, str]]:
        """The books, as the tree foresaw them and as they are."""
        pairs = zip(_lines(self.expected), _lines(self.found), strict=True)
        return [(what, expected, found) for (what, expected), (_, found) in pairs]

    @property
    def caption(self) -> str:
        """The path, and what is wrong at its end."""
        wrong = ", ".join(BROKEN[name] for name in self.wrong) or "rien n’est faux"
        return f"Pour de vrai{NBSP}: {fatal_words(self.exploration)} Au bout{NBSP}: {wrong}."

    def __repr__(self) -> str:
        return f"{self.caption}\n{text_table([HEAD, *self.rows()])}"

    def _repr_html_(self) -> str:
        return html_table(HEAD, self.rows(), self.caption)


def replay(exploration: Exploration, shop: Shop) -> Replayed:
    """Play the shortest fatal path of a saga in `shop`, whose `orders` is replaced meanwhile.

    Raises `WorkbookError` when no path is fatal, or a command is none of the shop's.
    """
    if exploration.fatal is None:
        raise WorkbookError("Cette saga n’a aucun chemin fatal. Il n’y a rien à rejouer.")
    stage = _Stage(exploration, shop)
    with stage.set(), shop.record() as incident:
        stage.play(exploration.path)
    state = exploration.states[exploration.fatal.number]
    expected = Judge(exploration.machine).account(state)
    return Replayed(exploration, expected, stage.account(), incident)


class _Stage:
    """The shop with the replay's orchestrator, orders and article."""

    def __init__(self, exploration: Exploration, shop: Shop) -> None:
        self._machine, self._shop = exploration.machine, shop
        unknown = sorted(set(self._machine.desk.commands) - set(ROUTES))
        if unknown:
            raise WorkbookError(
                f"La boutique ne connaît pas la commande « {unknown[0]} »{NBSP}: "
                "ce chemin ne peut pas y être rejoué."
            )
        run = secrets.token_hex(4)
        self._state = exploration.states[exploration.fatal.number]
        self._orders = [f"{run}-{name}" for name in NAMES[: len(self._state.orders)]]
        self._sku = f"REJEU-{run}"
        self._refused = {(s.order, s.command) for s in exploration.path if s.outcome == REFUSED}
        self._start = self._machine.start_of(self._state)[AVAILABLE]
        if self._machine.situations[self._state.situation].shelves is None and any(
            command == "reserve" for _, command in self._refused
        ):
            self._start = 0
        self._database = shop.run_folder / "learner" / f"saga-{run}.db"
        self._attempts: dict[tuple[int, str], int] = {}

    # -- before and after ---------------------------------------------------------------------

    @contextmanager
    def set(self) -> Iterator[None]:
        """The participants live, the orchestrator is in the place of orders; given back after."""
        shop, before = self._shop, self._shop.services.get(ORCHESTRATOR)
        if before is not None and before.is_learners:
            raise WorkbookError(
                "Votre propre service « orders » tourne. Arrêtez-le d’abord"
                f'{NBSP}: shop.withdraw("orders").'
            )
        participants = sorted({route.participant for route in ROUTES.values()})
        missing = [n for n in participants if n not in shop.services or not _lives(shop, n)]
        if missing:
            shop.heal(missing)
        self._write_configuration(participants)
        try:
            shop.serve(ORCHESTRATOR, PROGRAM.read_text(encoding="utf-8"))
            level = {"available": self._start}
            shop["inventory"].put(f"/stock/{self._sku}", level).raise_for_status()
            yield
        finally:
            (shop.withdraw if before is None else shop.reset)(ORCHESTRATOR)

    def _write_configuration(self, participants: Sequence[str]) -> None:
        machine = self._machine
        ended = {h for h, command in machine.decisions.items() if command is None}
        told = {
            "database": str(self._database),
            "decisions": [[list(map(list, h)), name] for h, name in machine.decisions.items()],
            "verdicts": {json.dumps(h): machine.rules.verdict(h) for h in ended},
            "log_first": machine.rules.log_first,
            "routes": {name: route._asdict() for name, route in ROUTES.items()},
            "addresses": {name: self._shop[name].url for name in participants},
            "keys": {order: self._keys(order) for order in self._orders},
            "timeout": patient(SECONDS),
        }
        self._database.parent.mkdir(exist_ok=True)
        file = self._database.with_name(f"service-{ORCHESTRATOR}.json")
        file.write_text(json.dumps(told), encoding="utf-8")

    def _keys(self, order: str) -> dict[str, list[str]]:
        attempts = range(1, ATTEMPTS + 1)
        return {
            command: [self._machine.key(order, command, n) for n in attempts] for command in ROUTES
        }

    # -- the path -----------------------------------------------------------------------------

    def play(self, path: Sequence[Step]) -> None:
        """Every step in its order; whoever died is started again."""
        for n, order in enumerate(self._orders):
            card = "tok_declined" if (n, "charge") in self._refused else "tok_visa"
            items = [{"sku": self._sku, "quantity": 1}]
            body = {"id": order, "total_cents": TOTAL_CENTS, "items": items, "card": card}
            self._shop[ORCHESTRATOR].post("/sagas", body).raise_for_status()
        for (order, lands), steps in groupby(path, lambda s: (s.order, s.what == ARRIVES)):
            for turn in _turns(steps):
                if lands:
                    self._deliver(turn[0])
                else:
                    self._run(order, turn)

    def _run(self, number: int, steps: Sequence[Step]) -> None:
        for step in steps:
            if step.command and step.what != DEAD_BEFORE:
                place = (number, step.command)
                self._attempts[place] = self._attempts.get(place, 0) + 1
        path = f"/sagas/{self._orders[number]}/run"
        order = {"steps": [step.what for step in steps]}
        try:
            self._shop[ORCHESTRATOR].post(path, order).raise_for_status()
        except ServiceUnreachable:
            if steps[-1].what not in DEATHS:
                raise
            until(lambda: not _lives(self._shop, ORCHESTRATOR), patient(SECONDS))
            self._shop.restart(ORCHESTRATOR)

    def _deliver(self, step: Step) -> None:
        """The copy that was on its way arrives; nobody hears its answer."""
        route, order = ROUTES[step.command], self._orders[step.order]
        attempt = self._attempts.get((step.order, step.command), 1)
        key = self._machine.key(order, step.command, attempt)
        card = "tok_declined" if (step.order, "charge") in self._refused else "tok_visa"
        bodies = {
            "items": {"items": [{"sku": self._sku, "quantity": 1}]},
            "charge": {"amount_cents": TOTAL_CENTS, "card": card},
        }
        client = self._shop[route.participant]
        client.request(route.method, route.path.format(key=key), json=bodies.get(route.body))

    # -- the books ----------------------------------------------------------------------------

    def account(self) -> Account:
        """The real books of these orders and this article."""
        books = Books(self._shop.run_folder / "data", ("payments", "inventory"))
        owner = {
            key: order
            for order in self._orders
            for keys in self._keys(order).values()
            for key in keys
        }
        return Account(
            orders=self._rows(),
            ledger=[_owned(row, owner) for row in books.rows("payments", "ledger")
                    if row["order_id"] in owner],
            reservations=[_owned(row, owner) for row in books.rows("inventory", "reservations")
                          if row["order_id"] in owner and row["state"] != "REFUSED"],
            stock=[r for r in books.rows("inventory", "stock") if r["sku"] == self._sku],
            initial_stock={self._sku: self._start},
        )  # fmt: skip

    def _rows(self) -> list[dict[str, Any]]:
        database = sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)
        try:
            rows = database.execute("SELECT id, status, total_cents, items FROM orders ORDER BY id")
            return [
                {"id": i, "status": status, "total_cents": total, "items": json.loads(items)}
                for i, status, total, items in rows
            ]
        finally:
            database.close()


def _turns(steps: Iterator[Step]) -> Iterator[list[Step]]:
    """Steps that one request may carry: a death or a command on the road ends it."""
    turn: list[Step] = []
    for step in steps:
        turn.append(step)
        if step.what in {*DEATHS, LATE, ARRIVES}:
            yield turn
            turn = []
    if turn:
        yield turn


def _lives(shop: Shop, name: str) -> bool:
    return bool(shop.services[name].running)


def _owned(row: dict[str, Any], owner: dict[str, str]) -> dict[str, Any]:
    return {**row, "order_id": owner[row["order_id"]]}


def _broken(account: Account) -> tuple[str, ...]:
    return tuple(sorted({violation.invariant for violation in judged(account)}))


def _lines(account: Account) -> list[tuple[str, str]]:
    """Orders, money and stock, in words."""
    moved = {CHARGED: 0, REFUNDED: 0}
    for line in account.ledger:
        moved[CHARGED if line["kind"] == "charge" else REFUNDED] += line["amount_cents"]
    [stock] = account.stock
    orders = sorted(ENDS.get(row["status"], ENDS[""]) for row in account.orders)
    return [
        ("commandes", ", ".join(orders)),
        ("débités", euros(moved[CHARGED])),
        ("rendus", euros(moved[REFUNDED])),
        ("articles de côté", str(stock[RESERVED])),
        ("articles vendus", str(stock[SOLD])),
    ]
