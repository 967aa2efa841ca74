from threading import Lock


class Balancer:
    def __init__(self, lookup):
        self.lookup = lookup
        self.lock = Lock()
        self.counts = Counter()
        self.aside = frozenset()

    def _candidates(self, urls):
        """Chaque adresse une fois, choisie au moment où on la demande."""
        left = list(urls)
        while left:
            with self.lock:
                left.sort(key=lambda u: self.counts[u])
                left.sort(key=lambda u: u in self.aside)  # tri stable
                url = left.pop(0)
                self.counts[url] += 1
            yield url

    def _finish(self, url, failed=None):
        with self.lock:
            self.counts[url] -= 1
            if failed is True:
                self.aside = self.aside | {url}
            elif failed is False:
                self.aside = self.aside - {url}

    def call(self, send, safe):
        urls = frozenset(self.lookup())
        with self.lock:
            self.aside = self.aside & urls
        error = NoInstance("liste vide")
        for url in self._candidates(urls):
            verdict = None
            try:
                answer = send(url)
                verdict = False
                return answer
            except Refused as refused:
                verdict, error = True, refused
            except Lost as lost:
                verdict, error = True, lost
                if not safe:
                    break
            finally:
                self._finish(url, verdict)
        raise error
