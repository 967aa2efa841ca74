# feedback: une autre
# mistake: pardonne(nt) avant la réponse
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
            self.aside.discard(url)
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
