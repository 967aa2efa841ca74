"""The customers of lab 5: they browse and order without end, and say which promises were kept.

A closed loop: each customer waits for an answer before it asks again, so that a slow shop is asked
less, and a machine that is slow as a whole does not look like an incident.
"""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workbook.errors import WorkbookError
from workbook.failures.history import ORDER, History, completion
from workbook.incident.tape import Asked
from workbook.shop.client import ServiceUnreachable
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbook.shop import Shop

CATALOGUE, SHELF, SALE, REFUSAL = "catalogue", "rayon", "commande", "refus"
MAIL, DEBIT = "courriel", "débit"
PROMISES = {
    CATALOGUE: "la page du catalogue s’affiche (200)",
    SHELF: "la page d’un rayon s’affiche (200) : un confort",
    SALE: "une commande payable est confirmée (201)",
    REFUSAL: "une carte refusée est dite refusée (402)",
    MAIL: "une commande confirmée donne un courriel, et un seul",
    DEBIT: "une commande confirmée est débitée une fois, au prix affiché la veille",
}
VITAL = (CATALOGUE, SALE, REFUSAL, MAIL, DEBIT)
CYCLE = (CATALOGUE, SALE, SHELF, SALE, CATALOGUE, SALE, REFUSAL, SALE)
SKUS = ("LAMP", "CHAIR", "MUG", "BOOK")
BULK = 1_000  # units that a refused card asks for: a school, say
USERS = ("alice", "bob")
CUSTOMERS, PAUSE = 5, 0.4  # seconds between two visits of a customer
TIMEOUT = 12.0


@dataclass(frozen=True)
class Visit:
    """One thing that a customer was promised, and whether it came. Times in epoch seconds."""

    at: float
    promise: str
    kept: bool
    status: int | None = None
    seconds: float = 0.0
    trace: str = ""
    order: str | None = None
    user: str = ""
    key: str = ""

    def __repr__(self) -> str:
        hour = time.strftime("%H:%M:%S", time.localtime(self.at))
        fate = "tenue" if self.kept else "rompue"
        answer = f", réponse {self.status}" if self.status else ""
        return f"<{hour} {self.promise} {fate}{answer}, trace {self.trace[:8]}…>"


class Want(NamedTuple):
    """What one visit asks for."""

    promise: str
    method: str
    path: str
    expected: int
    body: dict | None = None


class Crowd:
    """The customers of one shop, from `open()` to `close()`; `history` is what they heard."""

    def __init__(self, shop: Shop, pause: float = PAUSE, customers: int = CUSTOMERS) -> None:
        self.history = History()
        self.visits: list[Visit] = []
        self._shop, self._pause, self._number = shop, pause, customers
        self._turns, self._turn = itertools.count(), threading.Lock()
        self._stopped, self._doors = threading.Event(), threading.Event()
        self._inside, self._doorman = threading.Semaphore(customers), threading.Lock()
        self._threads: list[threading.Thread] = []
        self._clients: dict[str, Callable[[Asked], object]] = {}

    def open(self) -> None:
        """Sign in, and let them in."""
        self.sign_in()
        self._doors.set()
        self._threads = [
            threading.Thread(target=self._live, name=f"customer-{n}", daemon=True)
            for n in range(self._number)
        ]
        for thread in self._threads:
            thread.start()

    def sign_in(self) -> None:
        """Every customer signs in afresh; those who cannot go on with the token they have."""
        for user in USERS:
            try:
                self._clients[user] = self._shop.customer("gateway", user)
            except WorkbookError:
                if user not in self._clients:
                    raise

    def close(self) -> None:
        """Send nobody any more; returns once the last answer is in. Idempotent."""
        self._stopped.set()
        self._doors.set()
        for thread in self._threads:
            thread.join(timeout=2 * TIMEOUT)

    def since(self, began: float, count: int) -> list[Visit]:
        """The first `count` visits that began after `began` and have ended; waits for them."""

        def ended() -> list[Visit]:
            return [visit for visit in list(self.visits) if visit.at >= began]

        until(lambda: len(ended()) >= count, patient(60))
        return sorted(ended(), key=lambda visit: visit.at)[:count]

    def _live(self) -> None:
        while not self._stopped.wait(self._pause):
            self._doors.wait()
            if self._shop.closed:
                return
            with self._inside:
                turn = self._next_turn()
                self.visit(wanted(turn), USERS[turn // len(CYCLE) % len(USERS)])

    def _next_turn(self) -> int:
        with self._turn:
            return next(self._turns)

    @contextmanager
    def outside(self) -> Iterator[None]:
        """Nobody inside during the block: a shop that is deployed at night hurts no one."""
        with self._doorman:
            self._doors.clear()
            for _ in range(self._number):
                self._inside.acquire()
            try:
                yield
            finally:
                self._inside.release(self._number)
                self._doors.set()

    def insist(self, want: Want, user: str, seconds: float) -> Visit:
        """Ask, and ask again with the same key, until the answer is final or `seconds` are over."""
        key = str(uuid.uuid4())
        tried: list[Visit] = []

        def answered() -> bool:
            tried.append(self.visit(want, user, key))
            return tried[-1].status is not None and tried[-1].status < 500

        until(answered, patient(seconds), every=0.1)
        return tried[-1]

    def visit(self, want: Want, user: str, key: str = "") -> Visit:
        """Ask for it once, as `user`, and write what came of it; an order has a key, old or new."""
        if want.method == "POST":
            key = key or str(uuid.uuid4())
        began, started = time.time(), time.monotonic()
        number = self.history.invoke(ORDER, key, **want.body, user=user) if key else 0
        status, answer, trace = self._ask(want, user, key)
        order = _order_in(answer)
        if key:
            kind = "info" if status is None else completion(status, order)
            self.history.complete(kind, number, ORDER, key, status=status, order=order, user=user)
        kept, took = status == want.expected, time.monotonic() - started
        visit = Visit(began, want.promise, kept, status, took, trace, None, user, key)
        if order:
            visit = Visit(**{**vars(visit), "order": order["id"]})
        self.visits.append(visit)
        return visit

    def _ask(self, want: Want, user: str, key: str) -> tuple[int | None, object, str]:
        headers = {"Idempotency-Key": key} if key else {}
        asked = Asked("gateway", want.method, want.path, want.body, headers, user, False, "")
        try:
            response = self._clients[user](asked)
        except ServiceUnreachable:
            return None, None, ""
        except WorkbookError:  # no token any more
            return 401, None, ""
        try:
            return response.status_code, response.json(), response.trace_id
        except ValueError:
            return response.status_code, None, response.trace_id


def wanted(turn: int) -> Want:
    """What the visit of that number asks for: always the same mix."""
    promise = CYCLE[turn % len(CYCLE)]
    sku = SKUS[(turn % len(CYCLE)) // 2]
    if promise == CATALOGUE:
        return Want(promise, "GET", "/products", 200)
    if promise == SHELF:
        return Want(promise, "GET", f"/stock/{sku}", 200)
    if promise == REFUSAL:
        return order(promise, "BOOK", BULK, "tok_declined", 402)
    return order(promise, sku, 1, "tok_visa", 201)


def order(promise: str, sku: str, quantity: int, card: str, expected: int) -> Want:
    """An order of one article."""
    body = {"items": [{"sku": sku, "quantity": quantity}], "card": card}
    return Want(promise, "POST", "/orders", expected, body)


def _order_in(answer: object) -> dict | None:
    """The order that an answer to POST /orders tells of; None where it tells of none."""
    if not isinstance(answer, dict):
        return None
    found = answer.get("order", answer)
    return found if isinstance(found, dict) and "total_cents" in found else None


@dataclass(frozen=True)
class Window:
    """Visits, and the promises that are only known later: the mail, the money."""

    visits: Sequence[Visit]

    @property
    def broken(self) -> dict[str, tuple[int, int]]:
        """{promise: (broken, made)}, in the order of `PROMISES`."""
        made = Counter(visit.promise for visit in self.visits)
        broken = Counter(visit.promise for visit in self.visits if not visit.kept)
        return {name: (broken[name], made[name]) for name in PROMISES if made[name]}

    @property
    def hurt(self) -> list[str]:
        """The vital promises that were broken, be it once."""
        found = self.broken
        return [name for name in VITAL if name in found and found[name][0]]

    @property
    def served(self) -> bool:
        """Whether customers get what they were promised."""
        return bool(self.visits) and not self.hurt


def trouble_began(visits: Iterable[Visit]) -> float | None:
    """When the first vital promise of many was broken: three of its kind in a row, or half."""
    by_promise: dict[str, list[Visit]] = {}
    for visit in sorted(visits, key=lambda one: one.at):
        if visit.promise in VITAL:
            by_promise.setdefault(visit.promise, []).append(visit)
    starts = [at for kind in by_promise.values() if (at := _start(kind)) is not None]
    return min(starts, default=None)


def _start(kind: Sequence[Visit]) -> float | None:
    for n, visit in enumerate(kind):
        next_ones = kind[n : n + 6]
        if not visit.kept and len(next_ones) > 2 and sum(not v.kept for v in next_ones) > 2:
            return visit.at
    return None
