# feedback: qui a le moins de requêtes en cours
# mistake: décompte(nt) trop tard les instances quittées
from threading import Lock


class Balancer:
    def __init__(self, lookup):
        self.lookup = lookup
        self.lock = Lock()
        self.running = Counter()
        self.aside = set()

    def call(self, send, safe):
        urls = set(self.lookup())
        self.aside &= urls
        if not urls:
            raise NoInstance()
        tried = []
        try:
            while True:
                with self.lock:
                    url = min(urls, key=lambda u: (u in self.aside, self.running[u]))
                    self.running[url] += 1
                urls.remove(url)
                tried.append(url)
                try:
                    answer = send(url)
                    self.aside.discard(url)
                    return answer
                except (Refused, Lost) as error:
                    self.aside.add(url)
                    if not urls or (isinstance(error, Lost) and not safe):
                        raise
        finally:
            with self.lock:
                self.running.subtract(tried)
