from threading import Lock
from types import SimpleNamespace


def Limiter(rate, burst):
    missing, lock = {}, Lock()

    def take(client, now):
        with lock:
            used, since = missing.get(client, (0, now))
            used = max(0, used - (now - since) * rate)
            if used > burst - 1:
                return (used - (burst - 1)) / rate
            missing[client] = (used + 1, now)
            return 0

    return SimpleNamespace(take=take)
