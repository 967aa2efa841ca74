class Registry:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.services = {}  # service → {url: end}

    def _alive(self, service):
        now = self.clock()
        known = self.services.setdefault(service, {})
        for url in [u for u, end in known.items() if end <= now]:
            del known[url]
        return known

    def register(self, service, url):
        self._alive(service)[url] = self.clock() + 3

    def heartbeat(self, service, url):
        known = self._alive(service)
        if url in known:
            known[url] = self.clock() + 3
        return url in known

    def deregister(self, service, url):
        self._alive(service).pop(url, None)

    def lookup(self, service):
        return sorted(self._alive(service))
