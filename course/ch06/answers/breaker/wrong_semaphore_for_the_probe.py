# feedback: ancien appel
# mistake: laisse(nt) un ancien appel compter après un changement d’état
import contextlib


class Breaker:
    """A semaphore is the ticket of the probe; a lock guards the counts."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.ticket = threading.Semaphore(1)
        self.lock = threading.Lock()
        self.window = deque([0] * 10, 10)
        self.open_until = 0

    def call(self, function):
        if not self.open_until:
            return self._run(function)
        if not self.ticket.acquire(blocking=False):
            raise CircuitOpen
        try:
            if self.open_until and self.clock() < self.open_until:
                raise CircuitOpen
            return self._run(function, probe=bool(self.open_until))
        finally:
            self.ticket.release()

    def _run(self, function, probe=False):
        ok = False
        try:
            value = function()
            ok = True
            return value
        finally:
            with self.lock:
                if probe:
                    self.window.extend([0] * 10)
                    self.open_until = 0 if ok else self.clock() + 5
                else:
                    self.window.append(0 if ok else 1)
                    if not ok and sum(self.window) >= 5:
                        self.open_until = self.clock() + 5
