from contextlib import contextmanager


class Balancer:
    def __init__(self, lookup):
        self.lookup = lookup
        self.running = []  # une adresse par appel en cours
        self.silent = set()

    @contextmanager
    def counted(self, url):
        self.running.append(url)
        try:
            yield
        finally:
            self.running.remove(url)

    def call(self, send, safe):
        urls = self.lookup()
        self.silent.intersection_update(urls)
        if not urls:
            raise NoInstance
        return self._among(set(urls), send, safe)

    def _among(self, urls, send, safe):
        fresh = urls - self.silent or urls
        url = min(fresh, key=self.running.count)
        try:
            with self.counted(url):
                answer = send(url)
        except (Refused, Lost) as error:
            self.silent.add(url)
            rest = urls - {url}
            if not rest or (isinstance(error, Lost) and not safe):
                raise
            return self._among(rest, send, safe)
        self.silent.discard(url)
        return answer
