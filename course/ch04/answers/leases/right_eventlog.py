class Registry:
    """Tout est journal ; l’état se recalcule (event sourcing)."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.log = []

    def register(self, service, url):
        self.log.append(("in", service, url, self.clock()))

    def heartbeat(self, service, url):
        if url not in self.lookup(service):
            return False
        self.register(service, url)
        return True

    def deregister(self, service, url):
        self.log.append(("out", service, url, None))

    def lookup(self, service):
        last = {}
        for kind, name, url, at in self.log:
            if name == service:
                last[url] = at if kind == "in" else None
        now = self.clock()
        return [url for url, at in last.items() if at is not None and now < at + 3]
