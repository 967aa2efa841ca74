# feedback: les autres, et A seulement si aucune ne répond
# mistake: ne (met|mettent) pas à l’écart après une écriture perdue
from threading import Lock


class Balancer:
    def __init__(self, lookup):
        self.lookup = lookup
        self.lock = Lock()
        self.running = Counter()
        self.aside = set()

    def call(self, send, safe):
        urls = list(dict.fromkeys(self.lookup()))
        with self.lock:
            self.aside &= set(urls)
        if not urls:
            raise NoInstance()
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
                if not safe:
                    raise
                self.aside.add(url)
                last = error
            else:
                self.aside.discard(url)
                return answer
            finally:
                with self.lock:
                    self.running[url] -= 1
        raise last
