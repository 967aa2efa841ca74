from dataclasses import dataclass


@dataclass
class Lease:
    service: str
    url: str
    since: float

    def alive(self, now: float) -> bool:
        return now - self.since < 3


class Registry:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.leases: list[Lease] = []

    def _find(self, service, url):
        now = self.clock()
        self.leases = [lease for lease in self.leases if lease.alive(now)]
        for lease in self.leases:
            if (lease.service, lease.url) == (service, url):
                return lease
        return None

    def register(self, service, url):
        self.deregister(service, url)
        self.leases.insert(0, Lease(service, url, self.clock()))

    def heartbeat(self, service, url):
        lease = self._find(service, url)
        if lease is None:
            return False
        lease.since = self.clock()
        return True

    def deregister(self, service, url):
        lease = self._find(service, url)
        if lease is not None:
            self.leases.remove(lease)

    def lookup(self, service):
        now = self.clock()
        return [x.url for x in self.leases if x.service == service and x.alive(now)]
