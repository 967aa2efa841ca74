# feedback: trois instances à égalité
# mistake: oublie(nt) de purger quand la liste est vide
from threading import Lock


class Balancer:
    def __init__(self, lookup):
        self.lookup = lookup
        self.lock = Lock()
        self.running = Counter()
        self.aside = set()

    def call(self, send, safe):
        urls = list(dict.fromkeys(self.lookup()))
        if not urls:
            raise NoInstance()
        with self.lock:
            self.aside &= set(urls)
        while urls:
            with self.lock:
                url = min(urls, key=lambda u: (u in self.aside, self.running[u]))
                self.running[url] += 1
            urls.remove(url)
            try:
                answer = send(url)
            except Refused as error:
                self.aside.add(url)
                last = error
            except Lost as error:
                self.aside.add(url)
                last = error
                if not safe:
                    raise
            else:
                self.aside.discard(url)
                return answer
            finally:
                with self.lock:
                    self.running[url] -= 1
        raise last
