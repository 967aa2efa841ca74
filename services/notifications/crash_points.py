"""Crash points: the lines of notifications where FAULT may kill the process.

The chassis adds its own around the outbox and the inbox.
"""

CRASH_POINTS = ("before_send_commit",)
