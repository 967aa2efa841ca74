# feedback: ancien appel
# mistake: laisse(nt) un ancien appel compter après un changement d’état
class Breaker:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.mutex = threading.RLock()
        self.close()

    def close(self):
        self.state, self.results = "closed", []

    def open(self):
        self.state, self.until = "open", self.clock() + 5

    def call(self, function):
        with self.mutex:
            if self.state == "open" and self.clock() >= self.until:
                self.state = "half-open"
            elif self.state != "closed":
                raise CircuitOpen()
            mine = self.state
        try:
            value = function()
        except Exception:
            with self.mutex:
                if mine == "half-open":
                    self.open()
                elif self.state == "closed":
                    self.results = [*self.results, "bad"][-10:]
                    if self.results.count("bad") >= 5:
                        self.open()
            raise
        with self.mutex:
            if mine == "half-open":
                self.close()
            elif self.state == "closed":
                self.results = [*self.results, "good"][-10:]
        return value
