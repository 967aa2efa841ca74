"""Instances: the addresses that send heartbeats (microservices.io: Self Registration).

Each registration gets a lease, a number greater than any before (a fencing token: Kleppmann,
"Designing Data-Intensive Applications", ch. 8). A name belongs to its latest lease: who wakes up
or leaves with an older one has been replaced, and changes nothing.

Kept in memory only: after a restart of the registry every heartbeat is of an unknown instance,
which then registers again.
"""

import threading
import time
from typing import NamedTuple


class Unregistered(Exception):
    """Nobody is registered under this name; the heartbeat came too late, or to a new registry."""


class Replaced(Exception):
    """Somebody else has registered under this name since."""


class Entry(NamedTuple):
    """Where an instance is, until when by the clock, and the lease that may change it."""

    url: str
    deadline: float
    lease: int


class Instances:
    """Addresses that expire *ttl* seconds after their last heartbeat, by a monotonic clock."""

    def __init__(self, ttl, clock=time.monotonic):
        self.ttl = ttl
        self.clock = clock
        self.lock = threading.Lock()
        self.entries = {}
        self.last_lease = 0

    def register(self, service, instance, url):
        """Give this name to a newcomer: (its lease, whether nobody had the name a moment ago)."""
        with self.lock:
            self._expire()
            is_new = (service, instance) not in self.entries
            lease = self.last_lease = max(self.last_lease + 1, _microseconds())
            self.entries[service, instance] = Entry(url, self.clock() + self.ttl, lease)
        return lease, is_new

    def renew(self, service, instance, url, lease):
        """Note a heartbeat. Raises Unregistered or Replaced, and changes nothing then."""
        with self.lock:
            self._expire()
            if self._holder(service, instance, lease) is None:
                raise Unregistered
            self.entries[service, instance] = Entry(url, self.clock() + self.ttl, lease)

    def leave(self, service, instance, lease):
        """Forget an instance at once. Leaving twice is no error; raises Replaced."""
        with self.lock:
            self._expire()
            if self._holder(service, instance, lease) is not None:
                del self.entries[service, instance]

    def _holder(self, service, instance, lease):
        """The entry of that name, None without one. Raises Replaced when it is of another lease."""
        entry = self.entries.get((service, instance))
        if entry is not None and entry.lease != lease:
            raise Replaced
        return entry

    def live(self, service=None):
        """The live instances, of one service or of all, in the order of their names."""
        with self.lock:
            self._expire()
            entries, now = sorted(self.entries.items()), self.clock()
        return [
            {
                "service": name,
                "instance": instance,
                "url": entry.url,
                "expires_in": round(entry.deadline - now, 3),
            }
            for (name, instance), entry in entries
            if service in (None, name)
        ]

    def _expire(self):
        now = self.clock()
        self.entries = {name: entry for name, entry in self.entries.items() if entry.deadline > now}


def _microseconds():
    """Since 1970: greater than what a registry gave before it was started again."""
    return time.time_ns() // 1000
