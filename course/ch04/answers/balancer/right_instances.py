import threading
from dataclasses import dataclass


@dataclass
class Instance:
    url: str
    busy: int = 0
    suspect: bool = False


class Balancer:
    def __init__(self, lookup):
        self.lookup = lookup
        self.instances = {}
        self.mutex = threading.RLock()

    def _get(self, url):
        if url not in self.instances:
            self.instances[url] = Instance(url)
        return self.instances[url]

    def call(self, send, safe):
        with self.mutex:
            candidates = {url: self._get(url) for url in self.lookup()}
            for url, instance in self.instances.items():
                if url not in candidates:
                    instance.suspect = False
        last = None
        while candidates:
            with self.mutex:
                chosen = sorted(candidates.values(), key=lambda i: (i.suspect, i.busy))[0]
                chosen.busy += 1
            del candidates[chosen.url]
            try:
                result = send(chosen.url)
                chosen.suspect = False
                return result
            except Refused as e:
                chosen.suspect = True
                last = e
            except Lost as e:
                chosen.suspect = True
                last = e
                if not safe:
                    raise e
            finally:
                with self.mutex:
                    chosen.busy -= 1
        if last is None:
            raise NoInstance
        raise last
