# feedback: inscrire A, inscrire B | ne recevrait plus un client
# mistake: ne garde(nt) qu’une adresse par service
class Registry:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.known = {}

    def register(self, service, url):
        self.known[service] = (url, self.clock() + 3)

    def heartbeat(self, service, url):
        if url not in self.lookup(service):
            return False
        self.register(service, url)
        return True

    def deregister(self, service, url):
        if url in self.lookup(service):
            del self.known[service]

    def lookup(self, service):
        url, end = self.known.get(service, (None, 0))
        return [url] if end > self.clock() else []
