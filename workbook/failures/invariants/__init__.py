"""What must hold of a shop's books once all is quiet: pure functions that say what does not.

Each takes the history of the clients and the account of a run, and yields (subject, what is wrong).
They judge the states of the tree of failures, its replay on real processes, and the proof of the
shop, which adds its own to them.
"""

from __future__ import annotations

from workbook.failures.invariants.account import Account, Asked, Outage, Violation
from workbook.failures.invariants.money import i5_money, i6_stock, is_beyond_repair
from workbook.failures.invariants.orders import (
    i1_no_lost_order,
    i2_no_phantom,
    i3_one_order_for_a_key,
    i4_ended,
    i14_one_runner,
)

__all__ = [
    "Account",
    "Asked",
    "Outage",
    "Violation",
    "i1_no_lost_order",
    "i2_no_phantom",
    "i3_one_order_for_a_key",
    "i4_ended",
    "i5_money",
    "i6_stock",
    "i14_one_runner",
    "is_beyond_repair",
]
