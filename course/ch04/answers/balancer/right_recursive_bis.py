from contextlib import contextmanager


class Balancer:
    def __init__(self, lookup):
        self.lookup = lookup
        self.running = {}
        self.aside = []

    @contextmanager
    def _counted(self, url):
        self.running[url] = self.running.get(url, 0) + 1
        try:
            yield
        finally:
            self.running[url] -= 1

    def call(self, send, safe):
        urls = list(dict.fromkeys(self.lookup()))
        self.aside = [url for url in self.aside if url in urls]
        if not urls:
            raise NoInstance("aucune adresse")
        return self._attempt(urls, send, safe)

    def _attempt(self, urls, send, safe):
        preferred = [u for u in urls if u not in self.aside] or urls
        url = min(preferred, key=lambda u: self.running.get(u, 0))
        rest = [u for u in urls if u != url]
        try:
            with self._counted(url):
                answer = send(url)
        except Refused:
            self._set_aside(url)
            if not rest:
                raise
        except Lost:
            self._set_aside(url)
            if not rest or not safe:
                raise
        else:
            if url in self.aside:
                self.aside.remove(url)
            return answer
        return self._attempt(rest, send, safe)

    def _set_aside(self, url):
        if url not in self.aside:
            self.aside.append(url)
