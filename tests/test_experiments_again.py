"""An experiment run a second time, in the same kernel, finds what it found the first."""

import pytest

from course.ch11.experiments import SERVICES, place_orders, red
from workbook.shop import Shop

pytestmark = pytest.mark.needs("rabbitmq")


@pytest.fixture(scope="module")
def shop():
    shop = Shop.start(*SERVICES, "auth", "notifications")
    shop.sign_in("alice")
    yield shop
    shop.stop()


def test_chapter_11_is_never_sold_out(shop):
    """Its customers buy a hundred mugs a run, and that is all there were."""
    shop["inventory"].put("/stock/MUG", {"available": 2}).raise_for_status()
    run = red(shop, lambda: place_orders(shop, 6))

    assert {answer.status_code for answer in run.done} <= {201, 202}
    assert sum(route.count for route in run.routes if route.name == "PUT /stock/<sku>") == 0
