"""Instances: the addresses that send heartbeats (microservices.io: Self Registration).

Kept in memory only: after a restart of the registry, one heartbeat of each makes it complete.
"""

import threading
import time


class Instances:
    """Addresses that expire *ttl* seconds after their last heartbeat, by a monotonic clock."""

    def __init__(self, ttl, clock=time.monotonic):
        self.ttl = ttl
        self.clock = clock
        self.lock = threading.Lock()
        self.entries = {}

    def register(self, service, instance, url):
        """Note a heartbeat. True when this instance was not known a moment ago."""
        with self.lock:
            self._expire()
            is_new = (service, instance) not in self.entries
            self.entries[service, instance] = (url, self.clock() + self.ttl)
        return is_new

    def leave(self, service, instance):
        """Forget an instance at once. Leaving twice is no error."""
        with self.lock:
            self.entries.pop((service, instance), None)

    def live(self, service=None):
        """The live instances, of one service or of all, in the order of their names."""
        with self.lock:
            self._expire()
            entries, now = sorted(self.entries.items()), self.clock()
        return [
            {
                "service": name,
                "instance": instance,
                "url": url,
                "expires_in": round(deadline - now, 3),
            }
            for (name, instance), (url, deadline) in entries
            if service in (None, name)
        ]

    def _expire(self):
        now = self.clock()
        self.entries = {name: entry for name, entry in self.entries.items() if entry[1] > now}
