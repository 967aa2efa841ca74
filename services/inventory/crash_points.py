"""Crash points: the lines of inventory where FAULT may kill the process.

The chassis adds its own around the outbox and the inbox.
"""

CRASH_POINTS = (
    "before_reserve_commit",
    "after_reserve_commit",
    "before_confirm_commit",
    "after_confirm_commit",
    "before_release_commit",
    "after_release_commit",
)
