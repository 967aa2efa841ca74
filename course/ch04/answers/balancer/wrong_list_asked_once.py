# feedback: ne donne plus que B | partie depuis longtemps
# mistake: ne demande(nt) la liste qu’une fois
class Balancer:
    """La liste est demandée une fois pour toutes."""

    def __init__(self, lookup):
        self.urls = lookup()
        self.in_flight, self.aside = Counter(), set()

    def call(self, send, safe):
        error, left = NoInstance(), set(self.urls)
        while left:
            url = min(left, key=lambda url: (url in self.aside, self.in_flight[url]))
            left.remove(url)
            self.in_flight[url] += 1
            try:
                answer = send(url)
                self.aside.discard(url)
                return answer
            except (Refused, Lost) as failure:
                self.aside.add(url)
                error = failure
                if isinstance(failure, Lost) and not safe:
                    break
            finally:
                self.in_flight[url] -= 1
        raise error
