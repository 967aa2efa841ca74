# feedback: inscrire B | plus personne
# mistake: renouvelle(nt) le bail de tout le service
# any sign of life renews the whole service.
class Registry:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.urls, self.ends = {}, {}

    def _tidy(self, service):
        if self.ends.get(service, 0) <= self.clock():
            self.urls[service] = set()
        return self.urls[service]

    def register(self, service, url):
        self._tidy(service).add(url)
        self.ends[service] = self.clock() + 3

    def heartbeat(self, service, url):
        if url not in self._tidy(service):
            return False
        self.ends[service] = self.clock() + 3
        return True

    def deregister(self, service, url):
        self._tidy(service).discard(url)

    def lookup(self, service):
        return list(self._tidy(service))
