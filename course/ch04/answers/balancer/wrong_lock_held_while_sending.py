# feedback: n’est pas parti | un client à la fois
# mistake: garde(nt) le verrou pendant l’envoi
import threading


class Balancer:
    def __init__(self, lookup):
        self.lookup, self.lock = lookup, threading.Lock()
        self.in_flight, self.aside = Counter(), set()

    def call(self, send, safe):
        with self.lock:
            urls = self.lookup()
            self.aside &= set(urls)
            error, left = NoInstance(), set(urls)
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
