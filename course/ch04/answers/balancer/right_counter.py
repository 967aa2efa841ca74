from threading import Lock


class Balancer:
    """Choisit une instance pour chaque appel."""

    def __init__(self, lookup):
        self.lookup = lookup
        self.lock = Lock()
        self.running = Counter()
        self.aside = set()

    def call(self, send, safe):
        """Ce que rend send(url) d’une instance."""
        urls = set(self.lookup())
        with self.lock:
            self.aside &= urls
        failure = NoInstance()
        while urls:
            with self.lock:
                url = min(urls, key=lambda u: (u in self.aside, self.running[u]))
                self.running[url] += 1
            urls.remove(url)
            try:
                answer = send(url)
            except (Refused, Lost) as error:
                with self.lock:
                    self.aside.add(url)
                if isinstance(error, Lost) and not safe:
                    raise
                failure = error
            else:
                with self.lock:
                    self.aside.discard(url)
                return answer
            finally:
                with self.lock:
                    self.running[url] -= 1
        raise failure
