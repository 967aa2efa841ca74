"""Plans: what a run asks of the shop and what befalls it, and what came of it."""

from dataclasses import dataclass

from .history import History
from .invariants import Account, minimal

SECONDS = 30.0
TRIED = ("inventory", "payments", "orders", "notifications")
SHELVES = {"LAMP": 100, "CHAIR": 100, "DESK": 100, "MUG": 100, "BOOK": 5}
CARDS = ("tok_visa", "tok_declined")


@dataclass(frozen=True)
class Plan:
    """One run: what is asked of the shop, and what befalls it."""

    name: str
    faults: tuple = ()  # "orders:after_charge:1"
    card: str = "tok_visa"
    orders: int = 3
    sku: str = "MUG"
    saga: str = "orchestration"
    saga_timeout: float = 60.0
    late: tuple = ()  # services started once every order had its answer, or its time was up
    down: float = 0.0  # seconds that the dead stay dead
    services: tuple = TRIED
    twins: bool = False  # two instances of orders, the faults for the first only
    keyed: bool = True
    late_copies: bool = False  # a copy of every command arrives when all is over
    cut: bool = False  # every connection to the broker is closed once
    patience: float = SECONDS
    recovery_limit: float | None = None
    env: tuple = ()  # ((name, value), …)


@dataclass
class Result:
    """What came of a run."""

    plan: Plan
    violations: list
    account: Account
    history: History
    seconds: float
    keys: tuple = ()  # its clients': the shop may have served other runs before
    lines_before: int = 0

    @property
    def crashes(self):
        own = self.account.lines[self.lines_before :]
        return [line for line in own if line.get("event") == "crash"]

    @property
    def reached(self):
        """Whether the run was one: every order placed, every crash point a death."""
        stored = {row["key"] for row in self.account.idempotency_keys if row["order_id"]}
        if not stored.issuperset(self.keys):
            return False
        told = {f"{line['service']}:{line['point']}:{line['count']}" for line in self.crashes}
        return told >= {fault for fault in self.plan.faults if not fault.endswith(":0")}

    def broken(self):
        return sorted({v.invariant for v in self.violations}, key=lambda name: int(name[1:]))

    def story(self):
        """The shortest of the wrong orders' timelines, as lines."""
        violation, events = minimal(self.history, self.account, self.violations)
        if violation is None:
            return []
        started = events[0][0] if events else 0
        told = [f"    {time - started:7.3f} s  {text}" for time, text in events]
        return [f"  {violation.invariant} {violation.subject} : {violation.text}", *told]
