class Saga:
    UNDO = {"charge": "refund", "reserve": "release"}

    def __init__(self, log, send, is_late):
        self.log, self.send, self.is_late = log, send, is_late

    def entries(self):
        return [tuple(entry) for entry in self.log]

    def has(self, name, outcome):
        return (name, outcome) in self.entries()

    @property
    def refused(self):
        return any(outcome == "refused" for _, outcome in self.entries())

    @property
    def abandoned(self):
        return self.has("saga", "timed out")

    def ask(self, name):
        if not self.has(name, "started"):
            self.log.append((name, "started"))
        outcome = self.send(name)
        self.log.append((name, outcome))

    def forward(self):
        for name in ("reserve", "charge"):
            if self.refused or self.abandoned:
                return
            if self.has(name, "done"):
                continue
            # une fois le débit noté, ce qui précède l'est aussi : on ne passe plus ici
            if self.is_late():
                self.log.append(("saga", "timed out"))
                return
            self.ask(name)

    def backward(self):
        for name, undo in self.UNDO.items():
            if self.has(name, "started") and not self.has(undo, "done"):
                self.ask(undo)

    def run(self):
        self.forward()
        if self.refused or self.abandoned:
            self.backward()
            return "CANCELLED" if self.abandoned else "REJECTED"
        if not self.has("confirm", "done"):
            self.ask("confirm")
        return "CONFIRMED"


def run(log, send, is_late):
    """Mène une commande à sa fin, et dit laquelle."""
    return Saga(log, send, is_late).run()
