class Breaker:
    """The state pattern: each state admits, and takes note."""

    def __init__(self, clock=time.monotonic):
        self.clock, self.lock = clock, threading.Lock()
        self.state = Closed()

    def call(self, function):
        with self.lock:
            self.state = self.state.now(self.clock())
            state = self.state
            state.admit()
        try:
            result = function()
        except Exception:
            with self.lock:
                if self.state is state:
                    self.state = state.failed(self.clock())
            raise
        with self.lock:
            if self.state is state:
                self.state = state.succeeded()
        return result


class Closed:
    def __init__(self):
        self.outcomes = deque(maxlen=10)

    def now(self, time):
        return self

    def admit(self):
        pass

    def failed(self, time):
        self.outcomes.append("F")
        return Open(time + 5) if self.outcomes.count("F") == 5 else self

    def succeeded(self):
        self.outcomes.append("S")
        return self


class Open:
    def __init__(self, until):
        self.until = until

    def now(self, time):
        return HalfOpen() if time >= self.until else self

    def admit(self):
        raise CircuitOpen


class HalfOpen:
    def __init__(self):
        self.places = 1

    def now(self, time):
        return self

    def admit(self):
        if not self.places:
            raise CircuitOpen
        self.places = 0

    def failed(self, time):
        return Open(time + 5)

    def succeeded(self):
        return Closed()
