class Registry:
    """Les adresses de chaque service, tant que leur bail court."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.ends = {}  # (service, url) → fin du bail

    def register(self, service, url):
        self.ends[service, url] = self.clock() + 3

    def heartbeat(self, service, url):
        now = self.clock()
        if self.ends.get((service, url), now) <= now:
            return False
        self.ends[service, url] = now + 3
        return True

    def deregister(self, service, url):
        self.ends.pop((service, url), None)

    def lookup(self, service):
        now = self.clock()
        return [u for (s, u), end in self.ends.items() if s == service and now < end]
