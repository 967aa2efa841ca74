import random
from collections import defaultdict


class Balancer:
    def __init__(self, lookup):
        self.lookup = lookup
        self.pending = defaultdict(set)  # adresse → jetons des appels en cours
        self.grey = []

    def candidates(self, urls):
        white = [u for u in urls if u not in self.grey]
        pool = white or urls
        least = min(len(self.pending[u]) for u in pool)
        return [u for u in pool if len(self.pending[u]) == least]

    def call(self, send, safe):
        left = list(self.lookup())
        self.grey = [u for u in self.grey if u in left]
        last = NoInstance()
        while left:
            url = random.choice(self.candidates(left))
            left.remove(url)
            token = object()
            self.pending[url].add(token)
            try:
                answer = send(url)
            except (Refused, Lost) as failure:
                if url not in self.grey:
                    self.grey.append(url)
                last = failure
                if type(failure) is Lost and not safe:
                    raise
            else:
                if url in self.grey:
                    self.grey.remove(url)
                return answer
            finally:
                self.pending[url].discard(token)
        raise last
