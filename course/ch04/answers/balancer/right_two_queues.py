import threading


class Balancer:
    """D’abord les saines, puis les écartées ; on revoit les deux listes avant chaque essai."""

    def __init__(self, lookup):
        self.lookup = lookup
        self._guard = threading.Condition()
        self._busy = {}
        self._aside = {}

    def call(self, send, safe):
        known = []
        for url in self.lookup():
            if url not in known:
                known.append(url)
        with self._guard:
            for url in list(self._aside):
                if url not in known:
                    del self._aside[url]
        if len(known) == 0:
            raise NoInstance("personne")
        for number in range(len(known)):
            with self._guard:
                best = None
                for url in known:
                    rank = (self._aside.get(url, False), self._busy.get(url, 0))
                    if best is None or rank < best[0]:
                        best = (rank, url)
                url = best[1]
                known.remove(url)
                self._busy[url] = self._busy.get(url, 0) + 1
            try:
                answer = send(url)
            except BaseException as problem:
                with self._guard:
                    self._busy[url] -= 1
                    if isinstance(problem, (Refused, Lost)):
                        self._aside[url] = True
                again = isinstance(problem, Refused) or (isinstance(problem, Lost) and safe)
                if not again or not known:
                    raise
            else:
                with self._guard:
                    self._busy[url] -= 1
                    self._aside.pop(url, None)
                return answer
