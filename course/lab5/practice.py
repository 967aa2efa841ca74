"""The practice incident of lab 5: the same for everybody, lived once, and left as a recording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from course.lab5.customers import REFUSAL, SALE, VITAL, Visit
from course.lab5.stage import SERVICES
from course.lab5.wheel import Wheel
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.shop import Shop

SEED, AMONG = 5, ("contrat",)
ENOUGH, LASTING = 6, 4.0  # broken promises to look at, and seconds from the first to the last
SALES = 8
_practised: list[Practice] = []


@dataclass(frozen=True)
class Practice:
    """A wheel that has stopped: `hurt`, its broken vital promises, before all was restarted.

    `began` is when the first of them came (epoch seconds), `sales_lost` counts, of the eight sales
    after that restart, those that failed.
    """

    wheel: Wheel
    hurt: list[Visit]
    began: float
    sales_lost: int


def practise(shop: Shop) -> Practice:
    """Live the practice incident, restart every service while it lasts, then stop it."""
    with Wheel(shop, SEED, among=AMONG) as wheel:
        until(lambda: _is_enough(hurt(wheel)), patient(30), every=0.5)
        broken = hurt(wheel)
        for name in SERVICES:
            wheel.restart(name)
        sales = [visit for visit in wheel.next_visits(2 * SALES) if visit.promise == SALE]
    practice = Practice(wheel, broken, broken[0].at, sum(not sale.kept for sale in sales[:SALES]))
    _practised[:] = [practice]
    return practice


def practised() -> Practice | None:
    """This kernel's practice, if it was lived."""
    return _practised[0] if _practised else None


def hurt(wheel: Wheel) -> list[Visit]:
    """The vital promises that this incident broke, oldest first: their traces show it."""
    broken = [visit for visit in wheel.visits() if visit.promise in VITAL and not visit.kept]
    return [visit for visit in broken if wheel.shows(visit.trace)]


def _is_enough(visits: list[Visit]) -> bool:
    if len(visits) < ENOUGH or visits[-1].at - visits[0].at < LASTING:
        return False
    return {SALE, REFUSAL} <= {visit.promise for visit in visits}
