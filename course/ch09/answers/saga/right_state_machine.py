from dataclasses import dataclass, field


@dataclass
class Order:
    """Replays the log, line by line, as events."""

    forward: list = field(default_factory=lambda: ["reserve", "charge", "confirm"])
    undoing: list = field(default_factory=list)
    failed: bool = False

    def hear(self, name, outcome):
        match outcome:
            case "started" if name == "reserve":
                self.undoing.append("release")
            case "started" if name == "charge":
                self.undoing.append("refund")
            case "done":
                for plan in (self.forward, self.undoing):
                    if name in plan:
                        plan.remove(name)
            case "refused":
                self.failed = True
                self.undoing.pop()
            case "timed out":
                self.failed = True

    @property
    def next(self):
        plan = self.undoing[::-1] if self.failed else self.forward
        return plan[0] if plan else None


def next_command(history):
    order = Order()
    for entry in history:
        order.hear(*entry)
    return order.next
