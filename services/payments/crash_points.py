"""Crash points: the lines of payments where FAULT may kill the process.

The chassis adds its own around the outbox and the inbox.
"""

CRASH_POINTS = (
    "before_charge_commit",
    "after_charge_commit",
    "before_refund_commit",
    "after_refund_commit",
)
