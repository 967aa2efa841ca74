import random
import threading


class Balancer:
    """À égalité, au hasard ; les appels en cours sont une simple liste."""

    def __init__(self, lookup):
        self.lookup = lookup
        self.lock = threading.Lock()
        self.pending = []
        self.bad = {}

    def _pick(self, urls):
        healthy = [u for u in urls if u not in self.bad]
        pool = healthy if healthy else urls
        least = min(self.pending.count(u) for u in pool)
        return random.choice([u for u in pool if self.pending.count(u) == least])

    def call(self, send, safe):
        listed = tuple(self.lookup())
        with self.lock:
            self.bad = {u: why for u, why in self.bad.items() if u in listed}
        tried = []
        while True:
            left = [u for u in listed if u not in tried]
            if not left:
                raise NoInstance() if not tried else last
            with self.lock:
                url = self._pick(left)
                self.pending.append(url)
            tried.append(url)
            try:
                try:
                    answer = send(url)
                finally:
                    with self.lock:
                        self.pending.remove(url)
            except (Lost, Refused) as error:
                last = error
                with self.lock:
                    self.bad[url] = error
                if isinstance(error, Lost) and not safe:
                    raise
                continue
            with self.lock:
                self.bad.pop(url, None)
            return answer
