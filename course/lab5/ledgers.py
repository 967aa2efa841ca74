"""The shop's books at the end of an incident: read from its databases, judged by its invariants."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from course.lab5.customers import DEBIT, MAIL, SALE, Visit, Window
from workbook.failures.books import Books
from workbook.failures.invariants import (
    Account,
    Violation,
    i1_no_lost_order,
    i2_no_phantom,
    i3_one_order_for_a_key,
    i4_ended,
    i5_money,
    i6_stock,
    i14_one_runner,
)
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.failures.history import History
    from workbook.shop import Shop

KEEPERS = ("orders", "inventory", "payments", "notifications")  # who has books worth auditing
ENDS = {"CONFIRMED": "order.confirmed", "REJECTED": "order.rejected"}
MAIL_SECONDS = 4.0
TABLES = tuple(vars(Account()))


class Ledgers:
    """The books of `shop`, and what they were when the incident began."""

    def __init__(self, shop: Shop) -> None:
        self._books = Books(shop.run_folder / "data", KEEPERS)
        products = shop["products"].get("/products?limit=100").json()["products"]
        self.prices = {product["sku"]: product["price_cents"] for product in products}
        stock = shop["inventory"].get("/stock").json()["stock"]
        self.stock = {r["sku"]: r["available"] + r["reserved"] + r["sold"] for r in stock}

    def account(self) -> Account:
        """All that the books say at this moment."""
        found = {name: rows for name, rows in self._books.tables().items() if name in TABLES}
        return Account(**found, prices=self.prices, initial_stock=self.stock)

    def rows(self, service: str, table: str) -> list[dict]:
        """A table of one service; empty while its file cannot be read."""
        with suppress(sqlite3.OperationalError):
            return self._books.rows(service, table)
        return []

    def wrong(self, history: History) -> list[Violation]:
        """The invariants that the books break now."""
        account = self.account()
        return [
            Violation(name, subject, text)
            for name, invariant in INVARIANTS.items()
            for subject, text in invariant(history, account)
        ]

    def settled(
        self, history: History, seconds: float, forgiven: Collection[tuple[str, str | None]] = ()
    ) -> list[Violation]:
        """What is still wrong once all is quiet, or after `seconds` (more on a busy machine).

        `forgiven`: the (invariant, subject) that do not count.
        """
        found: list[Violation] = []

        def quiet() -> bool:
            with suppress(sqlite3.OperationalError):
                wrong = self.wrong(history)
                found[:] = [v for v in wrong if (v.invariant, v.subject) not in forgiven]
                return not found
            return False

        until(quiet, patient(seconds), every=0.25)
        return found

    def audited(self, visits: list[Visit]) -> Window:
        """The visits, with the mail and the debit of each sale; mails get a moment to come."""
        ids = {visit.order for visit in visits if _is_sold(visit)}
        until(lambda: self._mails() >= Counter(ids), patient(MAIL_SECONDS), every=0.1)
        return Window([*visits, *self.later(visits)])

    def later(self, visits: list[Visit]) -> list[Visit]:
        """What became of the mail and of the debit of each sale among these visits, until now."""
        sales = [visit for visit in visits if _is_sold(visit)]
        mails, debits = self._mails(), self._debits()
        due = {row["id"]: self._due(row) for row in self.rows("orders", "orders")}
        return [
            Visit(visit.at, promise, kept, None, 0.0, visit.trace, visit.order)
            for visit in sales
            for promise, kept in (
                (MAIL, mails[visit.order] == 1),
                (DEBIT, debits.get(visit.order) == [due.get(visit.order)]),
            )
        ]

    def _due(self, order: dict) -> int:
        return sum(self.prices[item["sku"]] * item["quantity"] for item in order["items"])

    def _mails(self) -> Counter:
        rows = self.rows("notifications", "notifications")
        return Counter(row["order_id"] for row in rows if row["kind"] == "order.confirmed")

    def _debits(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for line in self.rows("payments", "ledger"):
            signed = line["amount_cents"] * (1 if line["kind"] == "charge" else -1)
            found.setdefault(line["order_id"], []).append(signed)
        return found


def _is_sold(visit: Visit) -> bool:
    return visit.promise == SALE and visit.kept and visit.order is not None


def one_mail(history: History, account: Account) -> Iterator[tuple[str, str]]:
    """Every order that has ended was told to its customer, once, as it ended."""
    told: dict[str, list[str]] = {}
    for row in account.notifications:
        told.setdefault(row["order_id"], []).append(row["kind"])
    for row in account.orders:
        if row["status"] == "PENDING":
            continue
        expected = [f"order.{row['status'].lower()}"]
        if told.get(row["id"], []) != expected:
            yield row["id"], f"{row['status']}, et son client a reçu {told.get(row['id'], [])}"


INVARIANTS = {
    "aucune commande perdue": i1_no_lost_order,
    "aucune commande inventée": i2_no_phantom,
    "une clé, une commande": i3_one_order_for_a_key,
    "chaque commande finit, d’une façon": i4_ended,
    "l’argent est juste": i5_money,
    "le stock est juste": i6_stock,
    "une saga, un porteur": i14_one_runner,
    "un courriel par commande": one_mail,
}
