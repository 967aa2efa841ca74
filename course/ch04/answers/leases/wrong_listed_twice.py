# feedback: [A, A] | deux fois sa part
# mistake: cite(nt) deux fois la même adresse
class Registry:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.leases = []

    def register(self, service, url):
        self.leases.append((service, url, self.clock() + 3))

    def heartbeat(self, service, url):
        if url not in self.lookup(service):
            return False
        self.register(service, url)
        return True

    def deregister(self, service, url):
        self.leases = [lease for lease in self.leases if lease[:2] != (service, url)]

    def lookup(self, service):
        return [url for name, url, end in self.leases if name == service and end > self.clock()]
