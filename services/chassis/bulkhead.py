"""Bulkhead: a limit on simultaneous calls to one dependency, so that it cannot hold all threads.

Source: Nygard, "Release It!", ch. 5, "Bulkheads".
"""

import threading
from contextlib import contextmanager


class BulkheadFull(Exception):
    """The call was not made: `limit` others to the same dependency are already waiting."""


class Bulkhead:
    """Lets `limit` calls run at once; one more waits `wait` seconds for a place, then fails."""

    def __init__(self, name, limit, wait=0.1):
        self.name, self.limit, self.wait = name, limit, wait
        self._places = threading.BoundedSemaphore(limit)

    @contextmanager
    def place(self):
        if not self._places.acquire(timeout=self.wait):
            raise BulkheadFull(f"{self.limit} calls to {self.name} are already waiting")
        try:
            yield
        finally:
            self._places.release()
