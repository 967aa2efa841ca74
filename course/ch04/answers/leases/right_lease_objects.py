from collections import defaultdict
from dataclasses import dataclass


@dataclass
class Lease:
    url: str
    renewed: float

    def runs(self, now):
        return now - self.renewed < 3


class Registry:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.leases = defaultdict(list)

    def find(self, service, url):
        return next((l for l in self.leases[service] if l.url == url), None)

    def register(self, service, url):
        self.deregister(service, url)
        self.leases[service].append(Lease(url, self.clock()))

    def heartbeat(self, service, url):
        lease = self.find(service, url)
        if lease is None or not lease.runs(self.clock()):
            return False
        lease.renewed = self.clock()
        return True

    def deregister(self, service, url):
        self.leases[service] = [l for l in self.leases[service] if l.url != url]

    def lookup(self, service):
        return [l.url for l in self.leases[service] if l.runs(self.clock())]
