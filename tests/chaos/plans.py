"""Plans: what a run asks of the shop and what befalls it, and what came of it."""

from collections import Counter
from dataclasses import dataclass

from workbook.failures.history import History
from workbook.failures.invariants import Account

from .invariants import minimal
from .shop import TRIED, USERS

SECONDS = 30.0
FOR_GOOD = 1_000.0  # seconds: longer than any run


@dataclass(frozen=True)
class Plan:
    """One run: what is asked of the shop, and what befalls it."""

    name: str
    faults: tuple = ()  # "orders:after_charge:1", or "…:1:sleep"; twice to die twice there
    card: str = "tok_visa"
    orders: int = 3
    basket: tuple = (("MUG", 1),)  # (sku, quantity)
    users: tuple = USERS[:1]  # who orders; with several, all of them with the same keys
    rivals: int = 1  # how many times each asks for the same at the same moment
    saga: str = "orchestration"
    saga_timeout: float = 60.0
    late: tuple = ()  # services started once every order had its answer, or its time was up
    down: float = 0.0  # seconds that the dead stay dead
    nap: float = 4.0  # seconds that a sleeper sleeps, unless nothing is left to do without it
    impostor: bool = False  # at the address of the dead, another program says 404 to everything
    full: bool = False  # the customers' queue takes one message while notifications is dead
    services: tuple = TRIED
    twins: tuple = ()  # services with a second instance, the faults for the first only
    keyed: bool = True
    late_copies: bool = False  # a copy of every command arrives when all is over
    cut: bool = False  # every connection to the broker is closed once
    patience: float = 3 * SECONDS  # for calm, on a machine that may be slow
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
    def sleepers(self):
        own = self.account.lines[self.lines_before :]
        return [line for line in own if line.get("event") == "asleep"]

    @property
    def reached(self):
        """Whether the run was one: every order placed, every crash point a death."""
        stored = {row["key"] for row in self.account.idempotency_keys if row["order_id"]}
        if not stored.issuperset(self.keys):
            return False
        met = Counter(fault_of(line) for line in self.crashes + self.sleepers)
        return met >= Counter(fault for fault in self.plan.faults if not fault.endswith(":0"))

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


def fault_of(line):
    """The fault of a plan that a line of a process tells of: "orders:after_charge:1"."""
    sleep = ":sleep" if line["event"] == "asleep" else ""
    return f"{line['service']}:{line['point']}:{line['count']}{sleep}"
