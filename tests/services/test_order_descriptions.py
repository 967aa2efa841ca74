"""The order side's services do what their own OpenAPI documents say."""

import pytest
from described import judge
from order_shop import OrderShop

# A business rule may refuse what the schema allows: an unknown SKU, an order already released.
BUSINESS_RULES = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "402", "404", "409", "410", "422", "503"]
"""


class Described:
    """What `judge` needs of a service."""

    def __init__(self, url):
        self.url = url


@pytest.fixture(scope="module")
def shop():
    shop = OrderShop().start()
    yield shop
    shop.close()


@pytest.mark.parametrize("name", ["inventory", "payments", "orders", "notifications"])
def test_description_is_true(shop, name, tmp_path):
    """No 500, no undocumented status, no body that its schema does not allow."""
    token = shop.token("admin")
    service = Described(shop.url(name))

    headers = {"Authorization": f"Bearer {token}", **shop.credential.shown_to(name)}

    judge(service, headers, tmp_path, BUSINESS_RULES, examples=12)
