import heapq


class Registry:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.current, self.heap = {}, []

    def _sweep(self):
        now = self.clock()
        while self.heap and self.heap[0][0] <= now:
            end, key = heapq.heappop(self.heap)
            if self.current.get(key) == end:
                del self.current[key]

    def register(self, service, url):
        end = self.clock() + 3
        self.current[service, url] = end
        heapq.heappush(self.heap, (end, (service, url)))

    def heartbeat(self, service, url):
        self._sweep()
        if (service, url) not in self.current:
            return False
        self.register(service, url)
        return True

    def deregister(self, service, url):
        self.current.pop((service, url), None)

    def lookup(self, service):
        self._sweep()
        return [url for name, url in self.current if name == service]
