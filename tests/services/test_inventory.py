"""Inventory: what is set aside can no longer be sold, and nothing is ever sold twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from order_shop import OrderShop


@pytest.fixture(scope="module")
def shop():
    shop = OrderShop().start("inventory")
    yield shop
    shop.close()


@pytest.fixture
def inventory(shop):
    """Inventory with ten lamps and five books on the shelf."""
    return Inventory(shop)


class Inventory:
    def __init__(self, shop):
        self.shop = shop
        self.set("LAMP", 10)
        self.set("BOOK", 5)

    def set(self, sku, units):
        return self.shop.call("inventory", "PUT", f"/stock/{sku}", json={"available": units})

    def reserve(self, order_id, quantity=1, sku="LAMP", **more):
        wanted = {sku: quantity, **more}
        items = [{"sku": sku, "quantity": number} for sku, number in wanted.items()]
        path = f"/reservations/{order_id}"
        return self.shop.call("inventory", "PUT", path, json={"items": items})

    def confirm(self, order_id):
        return self.shop.call("inventory", "POST", f"/reservations/{order_id}/confirmation")

    def release(self, order_id):
        return self.shop.call("inventory", "DELETE", f"/reservations/{order_id}")

    def available(self, sku="LAMP"):
        return self.shop.stock(sku)["available"]


class TestReserve:
    def test_sets_aside(self, inventory):
        """What is reserved can no longer be sold."""
        answer = inventory.reserve("sets-aside", 2)

        assert (answer.status_code, answer.json()["state"]) == (201, "HELD")
        assert inventory.available() == 8

    def test_again(self, inventory):
        """Asked again, the same answer, and nothing more is taken."""
        inventory.reserve("again", 2)
        answer = inventory.reserve("again", 2)

        assert (answer.status_code, answer.json()["state"]) == (200, "HELD")
        assert inventory.available() == 8

    def test_other_quantities(self, inventory):
        """One order, one reservation."""
        inventory.reserve("other", 2)

        assert inventory.reserve("other", 3).status_code == 422

    def test_too_many(self, inventory):
        """More than there is: 409, and how many are left."""
        answer = inventory.reserve("too-many", 11)

        assert answer.status_code == 409
        assert "10 LAMP" in answer.json()["detail"]
        assert inventory.available() == 10

    def test_all_or_nothing(self, inventory):
        """With one article missing, none is taken."""
        assert inventory.reserve("all", 1, BOOK=6).status_code == 409
        assert (inventory.available("LAMP"), inventory.available("BOOK")) == (10, 5)

    def test_refusal_remembered(self, inventory):
        """A late copy of a refused request takes nothing, even when there is stock again."""
        inventory.reserve("late-copy", 11)
        inventory.set("LAMP", 20)

        assert inventory.reserve("late-copy", 11).status_code == 409
        assert inventory.available() == 20

    def test_unknown_article(self, inventory):
        """An article that was never in stock is out of stock."""
        assert inventory.reserve("unknown", 1, "UNICORN").status_code == 409

    @pytest.mark.parametrize(
        "items",
        [[], None, [{"sku": "LAMP", "quantity": -1}], [{"sku": "a b", "quantity": 1}], ["LAMP"]],
    )
    def test_nonsense(self, shop, items):
        """Nonsense is refused."""
        answer = shop.call("inventory", "PUT", "/reservations/nonsense", json={"items": items})

        assert answer.status_code == 422


class TestConfirm:
    def test_sells_once(self, inventory):
        """Confirmed twice, sold once."""
        sold = inventory.shop.stock("LAMP")["sold"]
        inventory.reserve("sell", 2)
        answers = [inventory.confirm("sell") for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert inventory.shop.stock("LAMP")["sold"] == sold + 2

    def test_nothing_reserved(self, inventory):
        """There is nothing to confirm where nothing was reserved, or no longer is."""
        inventory.reserve("gone")
        inventory.release("gone")

        assert inventory.confirm("never").status_code == 404
        assert inventory.confirm("gone").status_code == 409


class TestRelease:
    def test_gives_back_once(self, inventory):
        """Released twice, given back once."""
        inventory.reserve("give-back", 3)
        answers = [inventory.release("give-back") for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert inventory.available() == 10

    def test_tombstone(self, inventory):
        """A release that comes first refuses the reservation that comes after."""
        assert inventory.release("tombstone").status_code == 200
        assert inventory.reserve("tombstone").status_code == 410
        assert inventory.available() == 10

    def test_sold(self, inventory):
        """What is sold is not given back."""
        inventory.reserve("sold")
        inventory.confirm("sold")

        assert inventory.release("sold").status_code == 409


class TestStock:
    def test_list(self, inventory):
        """Every article, with what is left, set aside and sold."""
        stock = inventory.shop.call("inventory", "GET", "/stock").json()["stock"]

        assert {"BOOK", "CHAIR", "DESK", "LAMP", "MUG"} <= {line["sku"] for line in stock}

    def test_unknown(self, inventory):
        assert inventory.shop.call("inventory", "GET", "/stock/UNICORN").status_code == 404

    def test_restart_keeps(self, shop, inventory):
        """A restart does not fill the shelves again."""
        shop.kill("inventory")
        shop.start("inventory")

        assert inventory.available() == 10


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
class TestAtOnce:
    """Oversell is impossible, on either database, with two instances at work."""

    @pytest.fixture
    def urls(self, kind, request):
        shop = OrderShop()
        url = (
            request.getfixturevalue("postgresql_url")
            if kind == "postgresql"
            else f"sqlite:///{shop.folder / 'inventory'}.db"
        )
        shop.start("inventory", DATABASE_URL=url)
        shop.ports["inventory-2"] = shop.ports["auth"]
        second = shop.spawn("inventory", "inventory-2", shop.ports["inventory-2"], DATABASE_URL=url)
        shop.await_line(second, event="ready")
        yield shop
        shop.close()

    def test_oversell(self, urls):
        """Of twenty who want two of five books, two get them; the rest stays on the shelf."""
        orders = [(name, n) for n in range(10) for name in ("inventory", "inventory-2")]
        answers = in_parallel(
            lambda where: want_books(urls, where[0], f"{where[0]}-{where[1]}"), orders
        )

        assert sorted(answers) == [201, 201] + [409] * 18
        assert urls.stock("BOOK") == {"sku": "BOOK", "available": 1, "reserved": 4, "sold": 0}

    def test_copies(self, urls):
        """Copies of one request on two instances set aside once."""
        answers = in_parallel(
            lambda name: want_books(urls, name, "copies"), ["inventory", "inventory-2"] * 5
        )

        assert sorted(answers) == [200] * 9 + [201]
        assert urls.stock("BOOK")["reserved"] == 2

    def test_race_with_release(self, urls):
        """A reservation and its release at the same moment leave nothing set aside."""

        def either(number):
            order_id = f"race-{number // 2}"
            if number % 2:
                return urls.call("inventory", "DELETE", f"/reservations/{order_id}").status_code
            return want_books(urls, "inventory-2", order_id)

        answers = in_parallel(either, range(16))

        assert set(answers) <= {200, 201, 409, 410}
        assert urls.stock("BOOK") == {"sku": "BOOK", "available": 5, "reserved": 0, "sold": 0}


def want_books(shop, name, order_id):
    items = [{"sku": "BOOK", "quantity": 2}]
    path = f"/reservations/{order_id}"
    answer = shop.call(name, "PUT", path, json={"items": items})
    assert answer.status_code < 500, answer.text
    return answer.status_code


def in_parallel(function, values):
    with ThreadPoolExecutor(10) as pool:
        return list(pool.map(function, values))
