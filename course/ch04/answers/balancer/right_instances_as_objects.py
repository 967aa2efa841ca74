import threading


class Instance:
    def __init__(self, url):
        self.url, self.calls, self.failed = url, 0, False
        self.lock = threading.Lock()

    def send(self, send):
        with self.lock:
            self.calls += 1
        try:
            result = send(self.url)
        except (Refused, Lost):
            self.failed = True
            raise
        finally:
            with self.lock:
                self.calls -= 1
        self.failed = False
        return result


class Balancer:
    def __init__(self, lookup):
        self.lookup, self.instances = lookup, {}

    def refresh(self):
        self.instances = {u: self.instances.get(u) or Instance(u) for u in self.lookup()}
        return list(self.instances.values())

    def call(self, send, safe):
        waiting = self.refresh()
        if not waiting:
            raise NoInstance("aucune adresse")
        while True:
            waiting.sort(key=lambda one: (one.failed, one.calls))
            chosen = waiting.pop(0)
            try:
                return chosen.send(send)
            except Refused:
                if not waiting:
                    raise
            except Lost:
                if not safe or not waiting:
                    raise
