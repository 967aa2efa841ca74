"""Judging a state of the tree by the invariants of the real shop: it is written as an account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from workbook.failures.contract import AVAILABLE, CHARGED, DONE, REFUNDED, RESERVED, SOLD
from workbook.failures.history import History
from workbook.failures.invariants import (
    Account,
    Violation,
    i4_ended,
    i5_money,
    i6_stock,
    is_beyond_repair,
)
from workbook.failures.saga import NAMES, Machine, State

SKU, TOTAL_CENTS = "LAMP", 2990
SAFETY: dict[str, Callable[[History, Account], Iterator[tuple[str, str]]]] = {
    "I4": i4_ended,
    "I5": i5_money,
    "I6": i6_stock,
}


def judged(account: Account) -> list[Violation]:
    """What is wrong with an account: ends, money, stock."""
    return [
        Violation(name, subject, text)
        for name, invariant in SAFETY.items()
        for subject, text in invariant(History(), account)
    ]


class Judge:
    """Says what is wrong with a state: all of it once it is quiet, before that what stays so."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._owner = {
            key: n
            for n in range(max(s.orders for s in machine.situations))
            for key in machine.keys_of(NAMES[n])
        }

    def wrong(self, state: State) -> list[Violation]:
        """The invariants it breaks."""
        account = self.account(state)
        if state.is_quiet:
            return judged(account)
        return [v for v in judged(account) if v.invariant == "I5" and self._is_final(account)]

    def _is_final(self, account: Account) -> bool:
        def moved(order: str, kind: str) -> list[int]:
            lines = (line for line in account.ledger if line["order_id"] == order)
            return [line["amount_cents"] for line in lines if line["kind"] == kind]

        return any(
            is_beyond_repair(moved(row["id"], "charge"), moved(row["id"], "refund"))
            for row in account.orders
        )

    def account(self, state: State) -> Account:
        """The state as the databases would tell it."""
        books, start = self._machine.books(state), self._machine.start_of(state)
        return Account(
            orders=[_order(n, order.status) for n, order in enumerate(state.orders)],
            ledger=list(self._ledger(state)),
            reservations=self._reservations(state),
            stock=[{"sku": SKU, **{c: books.get(c, 0) for c in (AVAILABLE, RESERVED, SOLD)}}],
            initial_stock={SKU: start[AVAILABLE]},
        )

    def _ledger(self, state: State) -> Iterator[dict[str, Any]]:
        kinds = {CHARGED: "charge", REFUNDED: "refund"}
        for filed in sorted(state.files):
            moves = self._machine.desk.commands[filed.command].moves
            for column, kind in kinds.items():
                for _ in range(moves.get(column, 0) * filed.times):
                    order = NAMES[self._owner[filed.key]]
                    yield {"order_id": order, "kind": kind, "amount_cents": TOTAL_CENTS}

    def _reservations(self, state: State) -> list[dict[str, Any]]:
        """What each order has had set aside: by the command that takes from the shelf first."""
        needed = {c.needs for c in self._machine.desk.commands.values() if c.needs}
        kept = {
            self._owner[f.key] for f in state.files if f.command in needed and f.outcome == DONE
        }
        return [{"order_id": NAMES[n], "quantities": {SKU: 1}} for n in sorted(kept)]


def _order(number: int, status: str) -> dict[str, Any]:
    return {
        "id": NAMES[number],
        "status": status or "PENDING",
        "total_cents": TOTAL_CENTS,
        "items": [{"sku": SKU, "quantity": 1}],
    }
