"""The named lines of notifications where a process may be told to die (FAULT).

The chassis adds its own around the outbox and the inbox.
"""

CRASH_POINTS = ("before_send_commit",)
