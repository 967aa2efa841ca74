"""Mutants: bugs planted one at a time, to see that the proof would see them.

Each is a small patch, exact old text to new text, applied to a copy of services/; it refuses to
apply once the old text is gone, so that no mutant is quietly the shop itself. Each says which
invariants it may break, and by which plans it is seen: the first plan that breaks one is told.
The bugs are those of reference systems and of beginners; a suite that misses one proves nothing.

mutant        a bug, and how it is planted and hunted
schedules     the plans that show them
messaging, sagas, requests, participants    the bugs
"""

from . import messaging, participants, requests, sagas
from .mutant import Mutant, Outcome, StaleMutant, hunt

__all__ = ["MUTANTS", "Mutant", "Outcome", "StaleMutant", "hunt", "witnesses"]

MUTANTS = (*messaging.BUGS, *sagas.BUGS, *requests.BUGS, *participants.BUGS)


def witnesses():
    """Every plan of the mutants, for the shop itself: there it must break nothing."""
    return list(dict.fromkeys(plan for mutant in MUTANTS for plan in mutant.plans))
