"""Orders: what a client sees of an order, good days and bad days."""

import time

import pytest
from order_shop import OrderShop


@pytest.fixture(scope="module")
def shop():
    shop = OrderShop().start()
    yield shop
    shop.close()


class TestPlaceOrder:
    def test_confirmed(self, shop):
        """A good order is charged, taken from the stock, and confirmed before the answer."""
        before = shop.stock("LAMP")
        answer = shop.order("LAMP", 2)

        order = answer.json()
        assert (answer.status_code, order["status"]) == (201, "CONFIRMED")
        assert order["total_cents"] == 2 * 3990
        assert answer.headers["Location"] == f"/orders/{order['id']}"
        assert shop.stock("LAMP")["sold"] == before["sold"] + 2
        assert shop.call("payments", "GET", f"/charges/{order['id']}").json()["state"] == "CHARGED"
        assert not shop.books()

    def test_payment_refused(self, shop):
        """A refused card is a 402, and what was set aside is given back."""
        before = shop.stock("LAMP")
        answer = shop.order("LAMP", card="tok_declined")

        assert answer.status_code == 402
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["order"]["status"] == "REJECTED"
        assert shop.stock("LAMP") == before
        assert not shop.books()

    def test_out_of_stock(self, shop):
        """More than there is is a 409 that says how many are left; nothing is charged."""
        answer = shop.order("BOOK", 6)

        order = answer.json()["order"]
        assert (answer.status_code, order["status"]) == (409, "REJECTED")
        assert "5 BOOK" in answer.json()["detail"]
        assert shop.call("payments", "GET", f"/charges/{order['id']}").status_code == 404

    def test_unknown_product(self, shop):
        """A SKU that products does not know is the client's mistake: 422, and no order."""
        before = shop.rows("orders", "SELECT id FROM orders")
        answer = shop.order("NOPE")

        assert answer.status_code == 422
        assert "NOPE" in answer.json()["detail"]
        assert shop.rows("orders", "SELECT id FROM orders") == before

    @pytest.mark.parametrize(
        "change",
        [
            {"quantity": 0},
            {"quantity": "2"},
            {"quantity": 10**9},
            {"sku": "../users"},
            {"card": "4970100000000014"},
        ],
    )
    def test_nonsense(self, shop, change):
        """What makes no sense is refused before anything happens, and is not repeated back."""
        answer = shop.order(**change)

        assert answer.status_code == 422
        assert "4970100000000014" not in answer.text

    def test_price_copied(self, shop):
        """An order keeps the price of its day."""
        order = shop.order("DESK").json()
        change = {"price_cents": 25900}
        shop.call("products", "PATCH", "/products/DESK", "admin", json=change)
        later = shop.order("DESK").json()

        assert shop.show(order["id"])["total_cents"] == 24900
        assert later["total_cents"] == 25900

    def test_same_sku_twice(self, shop):
        """Two lines of one article are one."""
        items = [{"sku": "MUG", "quantity": 1}, {"sku": "MUG", "quantity": 2}]
        body = {"items": items, "card": "tok_visa"}
        order = shop.call("orders", "POST", "/orders", "alice", json=body).json()

        assert [(line["sku"], line["quantity"]) for line in order["items"]] == [("MUG", 3)]

    def test_last_ones(self, shop):
        """Of eight who want three of the last five books, one gets them."""
        answers = shop.orders_at_once(8, sku="BOOK", quantity=3)

        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
        assert not shop.books()


class TestReadOrders:
    def test_mine_only(self, shop):
        """Nobody sees another's order, or learns that it exists."""
        order = shop.order(user="bob").json()

        assert shop.call("orders", "GET", f"/orders/{order['id']}", "bob").status_code == 200
        for path in (f"/orders/{order['id']}", f"/orders/{order['id']}/saga", "/orders/unknown"):
            assert shop.call("orders", "GET", path, "alice").status_code == 404
        mine = shop.call("orders", "GET", "/orders", "bob").json()["orders"]
        assert {item["user_id"] for item in mine} == {"bob"}

    def test_newest_first(self, shop):
        """Pages go from the newest order back."""
        made = [shop.order(user="admin").json()["id"] for _ in range(3)]
        page = shop.call("orders", "GET", "/orders?limit=2&offset=1", "admin").json()["orders"]

        assert [order["id"] for order in page] == made[1::-1]

    def test_without_token(self, shop):
        """No token, no order."""
        assert shop.call("orders", "GET", "/orders").status_code == 401
        assert shop.order(user=None).status_code == 401

    def test_log(self, shop):
        """The log tells each command and its answer, in order."""
        order = shop.order().json()

        assert shop.log(order["id"]) == [
            ("reserve", "started"),
            ("reserve", "done"),
            ("charge", "started"),
            ("charge", "done"),
            ("confirm", "started"),
            ("confirm", "done"),
        ]


class TestLogLine:
    def test_order_placed(self, shop):
        """A business event: which order, whose, how much."""
        order = shop.order(user="bob").json()

        told = {"order_id": order["id"], "user_id": "bob", "total_cents": order["total_cents"]}
        shop.await_line(shop.processes["orders"], kind="log", message="Commande créée.", **told)


class TestIdempotencyKey:
    def test_same_answer(self, shop):
        """A client that asks again gets the same order and the same answer, word for word."""
        first, again = (shop.order(key="same-answer") for _ in range(2))

        assert first.status_code == 201
        assert (again.status_code, again.json()) == (first.status_code, first.json())

    def test_refusal(self, shop):
        """A refusal is repeated too: the card is not tried again."""
        first, again = (shop.order(key="refusal", card="tok_declined") for _ in range(2))

        assert (first.status_code, again.status_code) == (402, 402)
        assert again.json()["order"] == first.json()["order"]

    def test_other_order(self, shop):
        """The same key for another order is refused."""
        shop.order(key="other-order")

        assert shop.order(key="other-order", quantity=2).status_code == 422

    def test_other_user(self, shop):
        """A key belongs to a user: another's is another key."""
        alice, bob = (shop.order(key="shared", user=user).json() for user in ("alice", "bob"))

        assert (alice["user_id"], bob["user_id"]) == ("alice", "bob")
        assert alice["id"] != bob["id"]

    def test_at_once(self, shop):
        """Ten copies of a request at once make one order, and hear the same."""
        answers = shop.orders_at_once(10, key="at-once")

        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.text for answer in answers}) == 1
        assert not shop.books()


class TestSecrets:
    def test_no_card(self, shop):
        """The card is in no log line and no event, and leaves the database with the order's end."""
        shop.order(card="tok_mastercard")

        for name, process in shop.processes.items():
            assert "tok_mastercard" not in "".join(process.lines), name
            if name in {"orders", "payments", "inventory"}:
                assert not shop.rows(name, "SELECT * FROM outbox WHERE body LIKE '%tok_%'")
        assert not shop.rows("orders", "SELECT * FROM orders WHERE card IS NOT NULL")


class TestOutage:
    """An outage is never reported as the customer's mistake."""

    def test_products_down(self, shop):
        """Without a price there is no order: 503, and nothing is left behind."""
        before = shop.rows("orders", "SELECT id FROM orders")
        shop.kill("products")
        answer = shop.order()
        shop.start("products")

        assert answer.status_code == 503
        assert shop.rows("orders", "SELECT id FROM orders") == before

    @pytest.mark.parametrize("name", ["inventory", "payments"])
    def test_participant_down(self, shop, name):
        """An order that cannot be finished now is accepted, and finishes by itself later."""
        shop.kill(name)
        answer = shop.order()
        shop.start(name)

        order = answer.json()
        assert (answer.status_code, order["status"]) == (202, "PENDING")
        shop.await_status(order["id"], "CONFIRMED")
        assert not shop.books()

    def test_refused_later(self, shop):
        """A card that can only be tried later may still be refused later."""
        shop.kill("payments")
        order = shop.order(card="tok_declined").json()
        shop.start("payments")

        shop.await_status(order["id"], "REJECTED")
        assert not shop.books()

    def test_payments_asleep(self, shop):
        """A charge whose outcome is unknown is asked for again, and made once."""
        shop.processes["payments"].pause()
        deadline = {"X-Deadline": str(int((time.time() + 1.5) * 1000))}
        answer = shop.order(**deadline)
        shop.processes["payments"].resume()

        assert answer.status_code == 202
        shop.await_status(answer.json()["id"], "CONFIRMED")
        assert not shop.books()

    def test_broken_participant(self, shop):
        """A participant that answers 500 says nothing about the order."""
        shop.call("payments", "PUT", "/internal/faults", json={"error_rate": 1}, headers=CONTROL)
        answer = shop.order()
        shop.call("payments", "PUT", "/internal/faults", json={}, headers=CONTROL)

        assert answer.status_code == 202
        shop.await_status(answer.json()["id"], "CONFIRMED")
        assert not shop.books()

    def test_key_while_pending(self, shop):
        """A retry during the outage hears what the first attempt heard, of the same order."""
        shop.kill("payments")
        first, again = (shop.order(key="pending") for _ in range(2))
        shop.start("payments")

        assert (first.status_code, again.json()) == (202, first.json())
        shop.await_status(first.json()["id"], "CONFIRMED")
        assert not shop.books()


class TestPostgreSQL:
    """The same on PostgreSQL, where rows are locked one by one."""

    @pytest.fixture
    def shop(self, postgresql_url):
        shop = OrderShop().start("auth", "products", "inventory", "payments")
        shop.start("orders", DATABASE_URL=postgresql_url)
        shop.url_of_orders = postgresql_url
        yield shop
        shop.close()

    def test_at_once(self, shop):
        """Copies of one request make one order, different ones make as many."""
        copies = shop.orders_at_once(10, key="copies")
        others = shop.orders_at_once(5, sku="LAMP")

        assert {answer.status_code for answer in [*copies, *others]} == {201}
        assert len({answer.text for answer in copies}) == 1
        assert shop.stock("MUG")["sold"] == 1
        assert shop.stock("LAMP")["sold"] == 5

    def test_recovery(self, shop):
        """Killed after the charge, the saga is resumed from its log."""
        shop.kill("orders")
        shop.start("orders", DATABASE_URL=shop.url_of_orders, FAULT="orders:after_charge:1")
        shop.order(key="recovery")
        shop.await_death("orders")
        shop.start("orders", DATABASE_URL=shop.url_of_orders)

        assert shop.order(key="recovery").status_code == 201
        assert len(shop.rows("payments", "SELECT * FROM ledger")) == 1


CONTROL = {"Authorization": "Bearer control"}
