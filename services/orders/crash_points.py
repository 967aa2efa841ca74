"""Crash points: the lines of orders where FAULT may kill the process, in the order of the flow.

The chassis adds its own around the outbox and the inbox.
"""

COMMANDS = ("reserve", "charge", "confirm", "refund", "release")

CRASH_POINTS = (
    "before_create_commit",
    "after_create_commit",
    *(f"{when}_{command}" for command in COMMANDS for when in ("before", "after", "logged")),
    "before_answer",
)
