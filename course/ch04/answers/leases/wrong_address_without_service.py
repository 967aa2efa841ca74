# feedback: lookup('orders') | plus personne
# mistake: confond(ent) les services d’une même adresse
class Registry:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.ends = {}

    def register(self, service, url):
        self.ends[url] = self.clock() + 3

    def heartbeat(self, service, url):
        if url not in self.lookup(service):
            return False
        self.register(service, url)
        return True

    def deregister(self, service, url):
        self.ends.pop(url, None)

    def lookup(self, service):
        return [url for url, end in self.ends.items() if end > self.clock()]
