"""The invariants I1 to I14 of the shop, once every service is up again and everything is quiet.

Each is a pure function of a history and the account of a run, and returns the violations it sees.
The account is plain data: rows as dicts, read from the databases from outside; what was in the
queues; what the processes wrote. So every invariant can be shown to fire on a bad history.

workbook.failures.invariants    I1 to I6, I14: what the tree of failures judges too
messages      I7 to I9
signs         I10, I11: traces and secrets
availability  I12, I13
stories       the timeline of one order, for the violation that is told
"""

from workbook.failures.invariants import (
    Violation,
    i1_no_lost_order,
    i2_no_phantom,
    i3_one_order_for_a_key,
    i4_ended,
    i5_money,
    i6_stock,
    i14_one_runner,
)

from .availability import LOOKS, i12_independence, i13_recovery
from .messages import i7_events, i8_dead_letters, i9_event_order, total_queue
from .signs import i10_one_trace, i11_no_secret
from .stories import minimal, timeline

__all__ = [
    "INVARIANTS",
    "LOOKS",
    "check",
    "minimal",
    "timeline",
    "total_queue",
]

INVARIANTS = {
    "I1": i1_no_lost_order,
    "I2": i2_no_phantom,
    "I3": i3_one_order_for_a_key,
    "I4": i4_ended,
    "I5": i5_money,
    "I6": i6_stock,
    "I7": i7_events,
    "I8": i8_dead_letters,
    "I9": i9_event_order,
    "I10": i10_one_trace,
    "I11": i11_no_secret,
    "I12": i12_independence,
    "I13": i13_recovery,
    "I14": i14_one_runner,
}


def check(history, account):
    """The violations of all the invariants."""
    return [
        Violation(name, subject, text)
        for name, invariant in INVARIANTS.items()
        for subject, text in invariant(history, account)
    ]
