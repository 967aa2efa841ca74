class Registry:
    """Rien que la suite des événements ; tout le reste s'en déduit."""

    def __init__(self, clock=time.monotonic):
        self.clock, self.events = clock, []

    def register(self, service, url):
        self.events.append((self.clock(), service, url, True))

    def heartbeat(self, service, url):
        alive = url in self.lookup(service)
        if alive:
            self.register(service, url)
        return alive

    def deregister(self, service, url):
        self.events.append((self.clock(), service, url, False))

    def lookup(self, service):
        last = {url: (at, here) for at, name, url, here in self.events if name == service}
        return [url for url, (at, here) in last.items() if here and self.clock() - at < 3]
