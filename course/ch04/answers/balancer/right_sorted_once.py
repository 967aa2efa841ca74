class Balancer:
    """L'ordre des essais est fixé au début de l'appel."""

    def __init__(self, lookup):
        self.lookup = lookup
        self.busy, self.dead = {}, {}

    def call(self, send, safe):
        urls = list(self.lookup())
        self.dead = {url: True for url in self.dead if url in urls}
        order = sorted(urls, key=lambda u: (u in self.dead, self.busy.get(u, 0)))
        problem = NoInstance("personne")
        for url in order:
            self.busy[url] = self.busy.get(url, 0) + 1
            try:
                answer = send(url)
                self.dead.pop(url, None)
                return answer
            except Refused as error:
                self.dead[url] = True
                problem = error
            except Lost as error:
                self.dead[url] = True
                if not safe:
                    raise
                problem = error
            finally:
                self.busy[url] -= 1
        raise problem
