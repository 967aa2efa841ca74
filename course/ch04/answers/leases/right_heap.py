import heapq


class Registry:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.heap = []     # (fin, numéro, service, url)
        self.current = {}  # (service, url) → numéro du bail en cours
        self.number = 0

    def _purge(self):
        now = self.clock()
        while self.heap and self.heap[0][0] <= now:
            _, number, service, url = heapq.heappop(self.heap)
            if self.current.get((service, url)) == number:
                del self.current[service, url]
        return now

    def _grant(self, service, url, now):
        self.number += 1
        self.current[service, url] = self.number
        heapq.heappush(self.heap, (now + 3, self.number, service, url))

    def register(self, service, url):
        self._grant(service, url, self._purge())

    def heartbeat(self, service, url):
        now = self._purge()
        if (service, url) not in self.current:
            return False
        self._grant(service, url, now)
        return True

    def deregister(self, service, url):
        self.current.pop((service, url), None)

    def lookup(self, service):
        self._purge()
        return sorted(u for s, u in self.current if s == service)
