"""The storm after a repair: a rush of orders, and a service killed in the middle of it."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from course.lab5.customers import REFUSAL, SALE, SKUS, USERS, Visit, Want, order
from workbook.waiting import patient

if TYPE_CHECKING:
    from course.lab5.stage import Stage

ORDERS, CLIENTS = 12, 4
PATIENCE = 20.0


def storm(stage: Stage, victim: str, orders: int = ORDERS) -> list[str]:
    """Rush the shop, `kill -9` the victim, start it again; what went wrong, in words.

    Customers ask again, with the same key, until they have an answer. Once all is quiet they must
    all have been told, and the books must be right.
    """

    def buy(number: int) -> Visit:
        return stage.crowd.insist(_basket(number), USERS[number % len(USERS)], PATIENCE)

    with ThreadPoolExecutor(CLIENTS) as pool:
        placed = [pool.submit(buy, number) for number in range(orders)]
        wait(placed, timeout=patient(PATIENCE), return_when=FIRST_COMPLETED)
        stage.shop.kill(victim)
        stage.shop.restart(victim)
        answers = [one.result() for one in placed]
    unheard = [f"sans réponse : {v.promise}, {v.status}" for v in answers if _is_unheard(v)]
    return unheard + stage.books_wrong(PATIENCE)


def _is_unheard(visit: Visit) -> bool:
    return visit.status is None or visit.status >= 500


def _basket(number: int) -> Want:
    if number % 4 == 3:
        return order(REFUSAL, "LAMP", 2, "tok_declined", 402)
    return order(SALE, SKUS[number % len(SKUS)], 1, "tok_visa", 201)
