"""The practice incident of lab 5: the same for everybody, lived once, and left as a recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.lab5.customers import SALE, VITAL, Visit
from course.lab5.stage import SERVICES
from course.lab5.wheel import Wheel
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.shop import Shop

SEED, AMONG = 5, ("contrat",)
ENOUGH = 4  # broken promises to look at
SALES = 8
_practised: list[Practice] = []


class Practice:
    """A wheel that has stopped: what its customers lived, before and after a restart of it all.

    `sales_lost` counts, of the eight sales after that restart, those that failed.
    """

    def __init__(self, wheel: Wheel, sales_lost: int) -> None:
        self.wheel, self.sales_lost = wheel, sales_lost

    @property
    def hurt(self) -> list[Visit]:
        """The visits whose vital promise was broken, oldest first."""
        return hurt(self.wheel)


def practise(shop: Shop) -> Practice:
    """Live the practice incident, restart every service while it lasts, then stop it."""
    with Wheel(shop, SEED, among=AMONG) as wheel:
        until(lambda: len(hurt(wheel)) >= ENOUGH, patient(30), every=0.5)
        for name in SERVICES:
            wheel.restart(name)
        sales = [visit for visit in wheel.next_visits(2 * SALES) if visit.promise == SALE]
    practice = Practice(wheel, sum(not sale.kept for sale in sales[:SALES]))
    _practised[:] = [practice]
    return practice


def practised() -> Wheel | None:
    """The wheel of this kernel's practice, if it was lived."""
    return _practised[0].wheel if _practised else None


def hurt(wheel: Wheel) -> list[Visit]:
    """The visits whose vital promise was broken, oldest first."""
    return [visit for visit in wheel.visits() if visit.promise in VITAL and not visit.kept]
