"""Points: every named line where a process may die, killed at its first, middle and last pass.

The points are those of the services' own lists and, for each service, those of the chassis. A dry
run of each scenario counts the passes; a point that no scenario passes is said so, and a run that
did not reach its point is not a success.
Enumerated, not drawn by lot: a random kill finds a double charge about one time in eleven.
"""

import importlib
import random
import re
from collections import Counter
from enum import Enum
from itertools import pairwise

from .plans import Plan
from .runs import attempt
from .shop import REPOSITORY, TRIED


class End(Enum):
    """How the orders of a scenario end, as its tables say it."""

    ACCEPTED = "accepté"
    REFUSED = "refusé"
    OUT_OF_TIME = "trop tard"


# What makes an order end each way. Out of time, a participant comes up when it is too late.
SCENARIOS = {
    ("orchestration", End.ACCEPTED): Plan("", card="tok_visa"),
    ("orchestration", End.REFUSED): Plan("", card="tok_declined"),
    ("orchestration", End.OUT_OF_TIME): Plan(
        "", late=("payments",), saga_timeout=0.6, late_copies=True
    ),
    ("choreography", End.ACCEPTED): Plan("", saga="choreography"),
    ("choreography", End.REFUSED): Plan("", saga="choreography", card="tok_declined"),
    ("choreography", End.OUT_OF_TIME): Plan(
        "", saga="choreography", late=("inventory",), saga_timeout=0.3
    ),
}
UNDOING = re.compile("refund|release|(inventory|payments):consumer")
PAIRINGS = 2  # how many times each point meets others


def named():
    """Every point a service could die at, as "orders:after_charge"."""
    code = "".join(file.read_text() for file in REPOSITORY.glob("services/chassis/*.py"))
    shared = re.findall(r'^ +crash_point\("(\w+)"\)', code, re.MULTILINE)
    found = []
    for service in TRIED:
        own = importlib.import_module(f"services.{service}.crash_points").CRASH_POINTS
        found += [f"{service}:{point}" for point in (*own, *shared)]
    return found


def passes(ground, scenario):
    """A dry run: how many times each point is passed, for those that are, and its result."""
    plan = variation(scenario, "à blanc", tuple(f"{point}:0" for point in named()))
    result = attempt(ground, plan)
    told = [line for line in result.account.lines if line.get("event") == "pass"]
    return Counter(f"{line['service']}:{line['point']}" for line in told), result


def variation(scenario, name, faults):
    base = SCENARIOS[scenario]
    return Plan(**{**vars(base), "name": f"{title(scenario)} {name}", "faults": faults})


def title(scenario):
    saga, end = scenario
    return f"{saga} {end.value}"


def single(scenario, counted, which=("first", "middle", "last")):
    """The plans that kill once: each point passed, at the chosen passes."""
    # How often a saga tries while a participant is out is not the same twice.
    most = SCENARIOS[scenario].orders if scenario[1] is End.OUT_OF_TIME else max(counted.values())
    return [
        variation(scenario, f"{point}:{count}", (f"{point}:{count}",))
        for point in wanted(scenario, counted)
        for count in sorted({chosen(min(counted[point], most))[name] for name in which})
    ]


def chosen(number):
    return {"first": 1, "middle": (number + 1) // 2, "last": number}


def wanted(scenario, counted):
    """The points of a scenario; of an order out of time, only what no other scenario passes."""
    points = [point for point in named() if counted[point]]
    return [p for p in points if scenario[1] is not End.OUT_OF_TIME or UNDOING.search(p)]


def pairs(scenario, counted, seed):
    """The plans that kill twice: a selection in which each point meets several others.

    All the pairs would be some 400 a scenario; here every point is in 2 × PAIRINGS of them.
    """
    random_ = random.Random(f"{seed} {title(scenario)}")
    found = []
    for _ in range(PAIRINGS):
        points = wanted(scenario, counted)
        random_.shuffle(points)
        found += [
            variation(scenario, f"{one} + {other}", (f"{one}:1", f"{other}:1"))
            for one, other in pairwise([*points, points[0]])
        ]
    return found


def never_passed(counts):
    """The points that no scenario passes: the enumeration would silently leave them out."""
    return [point for point in named() if not any(counted[point] for counted in counts)]
