from collections import defaultdict

DUREE = 3.0


class Registry:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.services = defaultdict(dict)

    def _vivants(self, service):
        maintenant = self.clock()
        self.services[service] = {
            url: fin for url, fin in self.services[service].items() if fin > maintenant
        }
        return self.services[service], maintenant

    def register(self, service, url):
        self.services[service][url] = self.clock() + DUREE

    def heartbeat(self, service, url):
        vivants, maintenant = self._vivants(service)
        if url in vivants:
            vivants[url] = maintenant + DUREE
            return True
        return False

    def deregister(self, service, url):
        if url in self.services[service]:
            del self.services[service][url]

    def lookup(self, service):
        vivants, _ = self._vivants(service)
        return list(vivants)
