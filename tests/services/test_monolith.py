"""The monolith: the same shop behind the same paths, and an order is all or nothing."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
import requests
from described import judge

from services.gateway.routing import load_routes

ORDER = {"items": [{"sku": "LAMP", "quantity": 2}], "card": "tok_visa"}


class Shop:
    """A monolith, its customers' tokens and its books."""

    def __init__(self, start, **env):
        self.service = start("monolith", **env)
        self.password = start.password
        self.database = start.folder / "monolith.db"
        self.tokens = {}

    def headers(self, username, **more):
        if username not in self.tokens:
            login = {"username": username, "password": self.password}
            answer = self.service.post("/auth/login", login)
            self.tokens[username] = answer.json()["access_token"]
        return {"Authorization": f"Bearer {self.tokens[username]}", **more}

    def call(self, method, path, json=None, username="alice", **headers):
        headers = self.headers(username, **headers) if username else headers
        return self.service.request(method, path, json=json, headers=headers)

    def order(self, sku="LAMP", quantity=1, card="tok_visa", **headers):
        body = {"items": [{"sku": sku, "quantity": quantity}], "card": card}
        return self.call("POST", "/orders", body, **headers)

    def stock(self, sku):
        line = self.call("GET", f"/stock/{sku}").json()
        return line["available"], line["reserved"], line["sold"]

    def rows(self, query):
        with sqlite3.connect(self.database) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def shared(start_shared):
    return Shop(start_shared)


@pytest.fixture
def shop(start):
    return Shop(start)


class TestPaths:
    def test_are_the_gateway_s(self, shared):
        """One client for both: every public path but two.

        There is no saga whose log could be read, and the block's sessions cannot be revoked.
        """
        paths = shared.service.get("/openapi/openapi.json").json()["paths"]
        offered = {
            (method.upper(), path.replace("{", "<").replace("}", ">"))
            for path, operations in paths.items()
            for method in operations
        }
        public = {(method, route.path) for route in load_routes() for method in route.methods}

        assert public - offered == {("GET", "/orders/<id>/saga"), ("POST", "/auth/revoke")}
        assert ("GET", "/orders/<id>/summary") in offered

    def test_ask_for_the_same_rights(self, shared):
        """401 without a token, 403 without the scope."""
        statuses = [
            shared.call(method, path, body, username).status_code
            for method, path, body, username in [
                ("GET", "/products", None, None),
                ("GET", "/stock", None, None),
                ("GET", "/orders", None, None),
                ("POST", "/orders", {}, None),
                ("GET", "/users/bob", None, "alice"),
                ("GET", "/users/bob", None, "admin"),
                ("POST", "/products", {"sku": "X", "name": "x", "price_cents": 1}, "alice"),
            ]
        ]

        assert statuses == [200, 200, 401, 401, 403, 200, 403]

    def test_prove_tokens_the_same_way(self, shared):
        """Its key set is public, its tokens are for itself alone."""
        (key,) = jwt.PyJWKSet.from_dict(shared.call("GET", "/auth/.well-known/jwks.json").json())
        token = shared.headers("alice")["Authorization"].split()[1]
        claims = jwt.decode(token, key.key, ["RS256"], audience="monolith", issuer="auth")

        assert claims["sub"] == "alice"

    def test_do_not_let_passwords_be_guessed(self, shop):
        """Ten tries a minute, then 429."""
        login = {"username": "bob", "password": "wrong"}
        answers = [shop.service.post("/auth/login", login) for _ in range(12)]

        assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 2
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


class TestOrder:
    def test_confirmed(self, shop):
        """Sold, charged, told: and the books agree."""
        answer = shop.order("LAMP", 2)
        order = answer.json()
        summary = shop.call("GET", f"/orders/{order['id']}/summary").json()

        assert answer.status_code == 201
        assert answer.headers["Location"] == f"/orders/{order['id']}"
        assert (order["status"], order["total_cents"], order["user_id"]) == (
            "CONFIRMED",
            7980,
            "alice",
        )
        assert shop.stock("LAMP") == (98, 0, 2)
        assert summary["order"] == order
        assert summary["charge"]["amount_cents"] == 7980
        assert [message["kind"] for message in summary["notifications"]] == ["order.confirmed"]
        assert summary["missing"] == []

    def test_modules_are_seen_in_the_trace(self, shop):
        """As spans inside the process, in the order they were called, under the request's own."""
        shop.order("LAMP", 1)
        server = shop.service.wait_for("span", span_kind="server", name="POST /orders")
        steps = shop.service.of_kind("span", span_kind="internal", parent_id=server["span_id"])

        assert [step["name"] for step in steps] == [
            "catalogue.price",
            "stock.sell",
            "payments.charge",
            "notifications.notify",
        ]

    def test_refused_by_the_bank(self, shop):
        """402: the order is REJECTED, and the database has taken back the stock."""
        answer = shop.order("LAMP", 2, card="tok_declined")

        assert answer.status_code == 402
        assert answer.json()["order"]["status"] == "REJECTED"
        assert shop.stock("LAMP") == (100, 0, 0)
        assert shop.rows("SELECT count(*) FROM charges") == [(0,)]
        assert [order["status"] for order in shop.call("GET", "/orders").json()["orders"]] == [
            "REJECTED"
        ]

    def test_out_of_stock(self, shop):
        """409, and the line that could have been served is not sold either."""
        items = [{"sku": "BOOK", "quantity": 3}, {"sku": "DESK", "quantity": 101}]
        answer = shop.call("POST", "/orders", {"items": items, "card": "tok_visa"})

        assert answer.status_code == 409
        assert "DESK" in answer.json()["detail"]
        assert shop.stock("BOOK") == (5, 0, 0)

    def test_the_last_books(self, shop):
        """Five books, ten customers at once: five are served, none is sold twice."""
        with ThreadPoolExecutor(10) as pool:
            statuses = list(pool.map(lambda _: shop.order("BOOK").status_code, range(10)))

        assert sorted(statuses) == [201] * 5 + [409] * 5
        assert shop.stock("BOOK") == (0, 0, 5)
        assert shop.rows("SELECT count(*), sum(amount_cents) FROM charges") == [(5, 5 * 2450)]

    def test_keeps_its_price(self, shop):
        """A later price is for later orders."""
        order = shop.order("MUG").json()
        shop.call("PATCH", "/products/MUG", {"price_cents": 1}, "admin")

        assert shop.call("GET", f"/orders/{order['id']}").json()["total_cents"] == 990

    @pytest.mark.parametrize(
        "change",
        [
            {"items": []},
            {"items": [{"sku": "LAMP", "quantity": 0}]},
            {"items": [{"sku": "LAMP", "quantity": True}]},
            {"items": [{"sku": "LAMP", "quantity": "1"}]},
            {"items": [{"sku": "NOPE", "quantity": 1}]},
            {"card": "4111111111111111"},
            {"user_id": "bob"},
        ],
    )
    def test_refuses_what_is_no_order(self, shared, change):
        """422, and no trace of an order."""
        before = shared.rows("SELECT count(*) FROM orders")

        assert shared.call("POST", "/orders", {**ORDER, **change}).status_code == 422
        assert shared.rows("SELECT count(*) FROM orders") == before

    def test_is_its_customer_s_only(self, shop):
        """Another's order is as unknown as one that never was."""
        order = shop.order().json()

        assert shop.call("GET", f"/orders/{order['id']}", username="bob").status_code == 404
        assert shop.call("GET", f"/orders/{order['id']}/summary", username="bob").status_code == 404
        assert shop.call("GET", "/orders", username="bob").json() == {"orders": []}
        assert shop.call("GET", "/notifications", username="bob").json() == {"notifications": []}


KEY = {"Idempotency-Key": "k-1"}


class TestIdempotency:
    def test_the_same_key_is_the_same_order(self, shop):
        """Ten copies at once: one order, one charge, one answer."""
        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(lambda _: shop.order("LAMP", **KEY), range(10)))

        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.text for answer in answers}) == 1
        assert shop.stock("LAMP") == (99, 0, 1)

    def test_a_refusal_is_an_answer_too(self, shop):
        """Asked again with the key, refused again; one rejected order."""
        answers = [shop.order(card="tok_declined", **KEY) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [402, 402]
        assert shop.rows("SELECT count(*) FROM orders") == [(1,)]

    def test_another_order_needs_another_key(self, shop):
        """A key that has served for something else is a mistake."""
        shop.order("LAMP", **KEY)

        assert shop.order("DESK", **KEY).status_code == 422
        assert shop.stock("DESK") == (100, 0, 0)

    def test_keys_are_one_s_own(self, shop):
        """Bob's k-1 is not Alice's."""
        alice = shop.order("LAMP", **KEY).json()
        bob = shop.order("LAMP", username="bob", **KEY).json()

        assert alice["id"] != bob["id"]


class TestCrash:
    @pytest.mark.parametrize(("point", "sold"), [("before_commit", 0), ("after_commit", 1)])
    def test_leaves_all_or_nothing(self, start, point, sold):
        """kill -9 at either side of the commit: the books agree, and a retry makes it one order."""
        shop = Shop(start, FAULT=f"monolith:{point}:1")
        with pytest.raises(requests.ConnectionError):
            shop.order("LAMP", **KEY)
        shop.service.wait()
        counts = shop.rows("SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM charges)")
        again = Shop(start)
        answer = again.order("LAMP", **KEY)

        assert counts == [(sold, sold)]
        assert answer.status_code == 201
        assert again.stock("LAMP") == (99, 0, 1)
        assert again.rows("SELECT count(*) FROM charges") == [(1,)]


class TestCatalogue:
    def test_refuses_a_lost_update(self, shop):
        """The same 412 as products'."""
        etag = shop.call("GET", "/products/LAMP").headers["ETag"]
        statuses = [
            shop.call(
                "PATCH", "/products/LAMP", {"price_cents": price}, "admin", **{"If-Match": etag}
            ).status_code
            for price in (1, 2)
        ]

        assert statuses == [200, 412]

    def test_removes_a_product_and_its_stock(self, shop):
        """A foreign key does what two services need an event for."""
        statuses = [
            shop.call("DELETE", "/products/MUG", username="admin").status_code,
            shop.call("GET", "/stock/MUG").status_code,
            shop.order("MUG").status_code,
        ]

        assert statuses == [204, 404, 422]


def test_description_is_true(start, tmp_path):
    """schemathesis: no 500, no answer that is not announced. An unknown SKU is a 422 of ours."""
    shop = Shop(start)
    settings = """
        [[operations]]
        include-path = "/orders"
        [operations.checks.positive_data_acceptance]
        expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "422"]
    """
    judge(shop.service, shop.headers("admin"), tmp_path, settings, examples=8)


@pytest.mark.needs("postgresql")
def test_on_postgresql(start, postgresql_url):
    """The last five books, ten customers, a PostgreSQL."""
    shop = Shop(start, DATABASE_URL=postgresql_url)
    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(lambda _: shop.order("BOOK").status_code, range(10)))
        keyed = list(pool.map(lambda _: shop.order("LAMP", **KEY).json()["id"], range(10)))

    assert sorted(statuses) == [201] * 5 + [409] * 5
    assert shop.stock("BOOK") == (0, 0, 5)
    assert len(set(keyed)) == 1
    assert shop.stock("LAMP") == (99, 0, 1)
