"""Products: a catalogue whose every refusal is exact, and whose description is true."""

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from described import judge

LAMP = {"sku": "LAMP-2", "name": "Lampe", "price_cents": 3990, "description": "Éclaire."}


@pytest.fixture(scope="module")
def shop(start_shared):
    shop = start_shared.together("auth", "products")
    shop["auth"].password = start_shared.password
    return shop


@pytest.fixture(scope="module")
def products(shop):
    return shop["products"]


def sign_in(shop, username):
    login = {"username": username, "password": shop["auth"].password}
    token = shop["auth"].post("/login", login).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def admin(shop):
    return sign_in(shop, "admin")


@pytest.fixture
def lamp(products, admin):
    """A product of this test alone, at the address given."""
    products.delete("/products/LAMP-2", headers=admin)
    return products.post("/products", LAMP, headers=admin)


class TestReading:
    def test_the_seeds_are_there(self, products):
        """Five articles, at their price."""
        prices = {
            sku: products.get(f"/products/{sku}").json()["price_cents"]
            for sku in ("LAMP", "CHAIR", "DESK", "MUG", "BOOK")
        }

        assert prices == {"LAMP": 3990, "CHAIR": 12900, "DESK": 24900, "MUG": 990, "BOOK": 2450}

    def test_pages_follow_each_other(self, products):
        """`next` leads through the whole catalogue, once each, in order."""
        seen, address = [], "/products?limit=2"
        while address:
            page = products.get(address).json()
            seen += [product["sku"] for product in page["products"]]
            address = page["next"]

        assert seen == sorted(seen)
        assert len(seen) == len(set(seen)) == page["total"]

    @pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "offset=-1", "limit="])
    def test_pages_have_limits(self, products, query):
        """Neither nothing nor everything at once."""
        assert products.get(f"/products?{query}").status_code == 422

    def test_beyond_the_end_there_is_nothing(self, products):
        """An empty page is no error."""
        page = products.get("/products?offset=1000").json()

        assert (page["products"], page["next"]) == ([], None)

    def test_unknown(self, products):
        """404, and which."""
        answer = products.get("/products/NOPE")

        assert answer.status_code == 404
        assert "NOPE" in answer.json()["detail"]

    def test_unchanged(self, products):
        """304 for a reader who has this very content."""
        etag = products.get("/products/LAMP").headers["ETag"]
        answer = products.get("/products/LAMP", headers={"If-None-Match": etag})

        assert (answer.status_code, answer.text, answer.headers["ETag"]) == (304, "", etag)


class TestAdding:
    def test_creates(self, lamp, products):
        """201, and it is there."""
        assert (lamp.status_code, lamp.json()) == (201, LAMP)
        assert products.get("/products/LAMP-2").json() == LAMP

    def test_the_same_sku_twice(self, lamp, products, admin):
        """409, and the first one stays."""
        answer = products.post("/products", {**LAMP, "price_cents": 1}, headers=admin)

        assert answer.status_code == 409
        assert products.get("/products/LAMP-2").json() == LAMP

    def test_the_same_sku_at_once(self, products, admin):
        """Ten at the same moment: one is the first."""
        product = {**LAMP, "sku": "RACE"}
        with ThreadPoolExecutor(10) as pool:
            answers = pool.map(
                lambda _: products.post("/products", product, headers=admin).status_code, range(10)
            )

        assert sorted(answers) == [201] + [409] * 9

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *(("price_cents", value) for value in (-1, "3990", "-1", True, None, 39.9, [], 10**9)),
            *(("price_cents", value) for value in (float("nan"), float("inf"), 10**400)),
            *(("name", value) for value in ("", None, 1, "x" * 201, "a\u0000b", "a\nb", ["a"])),
            *(("sku", value) for value in ("", None, "a b", "../x", "x" * 33, "é", 1)),
            *(("description", value) for value in (None, 1, "x" * 2001, "\u0000", "\ud800")),
            ("color", "red"),
        ],
    )
    def test_refuses_what_is_no_product(self, products, admin, field, value):
        """422 that names the field, and nothing is stored."""
        # By hand: requests would refuse to write NaN for us.
        body = json.dumps({**LAMP, "sku": "BAD", field: value}).encode()
        headers = {**admin, "Content-Type": "application/json"}
        answer = products.request("POST", "/products", data=body, headers=headers)

        assert answer.status_code == 422
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert products.get("/products/BAD").status_code == 404

    def test_names_every_wrong_field(self, products, admin):
        """All of them at once, in French."""
        answer = products.post("/products", {"sku": "X", "price_cents": -1}, headers=admin)

        assert {error["field"] for error in answer.json()["errors"]} == {"name", "price_cents"}

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"3", b'"x"', b"\xff\xfe"])
    def test_refuses_what_is_no_object(self, products, admin, body):
        """Whatever comes, it is the client's mistake and not ours."""
        headers = {**admin, "Content-Type": "application/json"}

        assert products.request("POST", "/products", data=body, headers=headers).status_code == 422

    def test_asks_for_the_right(self, products, shop):
        """401 without a token, 403 with a customer's."""
        assert products.post("/products", LAMP).status_code == 401
        assert products.post("/products", LAMP, headers=sign_in(shop, "bob")).status_code == 403


class TestChanging:
    def test_put_creates_then_replaces(self, products, admin):
        """201, then 200 however often: the same request, the same state."""
        details = {"name": "Lampe", "price_cents": 100}
        products.delete("/products/PUT-1", headers=admin)
        answers = [products.put("/products/PUT-1", details, headers=admin) for _ in range(3)]

        assert [answer.status_code for answer in answers] == [201, 200, 200]
        assert products.get("/products/PUT-1").json() == {
            "sku": "PUT-1",
            "description": "",
            **details,
        }

    def test_put_takes_back_what_get_gave(self, lamp, products, admin):
        """Read, change, write: the SKU in the body is no obstacle."""
        product = {**products.get("/products/LAMP-2").json(), "price_cents": 4990}

        assert products.put("/products/LAMP-2", product, headers=admin).json() == product

    def test_put_does_not_rename(self, lamp, products, admin):
        """An address that says one thing and a body that says another: 409."""
        other = {**LAMP, "sku": "OTHER"}

        assert products.put("/products/LAMP-2", other, headers=admin).status_code == 409
        assert products.get("/products/OTHER").status_code == 404

    def test_patch_changes_what_it_names(self, lamp, products, admin):
        """The rest stays."""
        answer = products.patch("/products/LAMP-2", {"price_cents": 1}, headers=admin)

        assert answer.json() == {**LAMP, "price_cents": 1}
        assert products.patch("/products/LAMP-2", {}, headers=admin).json() == answer.json()

    @pytest.mark.parametrize("change", [{"price_cents": -1}, {"name": None}, {"sku": "X"}])
    def test_patch_is_as_strict(self, lamp, products, admin, change):
        """A bad change changes nothing."""
        assert products.patch("/products/LAMP-2", change, headers=admin).status_code == 422
        assert products.get("/products/LAMP-2").json() == LAMP

    def test_delete_twice(self, lamp, products, admin):
        """Gone is gone."""
        statuses = [products.delete("/products/LAMP-2", headers=admin).status_code for _ in "ab"]

        assert statuses == [204, 204]
        assert products.get("/products/LAMP-2").status_code == 404
        assert products.patch("/products/LAMP-2", {}, headers=admin).status_code == 404


class TestPreconditions:
    def test_a_lost_update_is_refused(self, lamp, products, admin):
        """Two read, two write: the second is told, and the first's price stays."""
        etag = products.get("/products/LAMP-2").headers["ETag"]
        conditional = {**admin, "If-Match": etag}
        answers = [
            products.patch("/products/LAMP-2", {"price_cents": price}, headers=conditional)
            for price in (100, 200)
        ]

        assert [answer.status_code for answer in answers] == [200, 412]
        assert products.get("/products/LAMP-2").json()["price_cents"] == 100
        assert answers[0].headers["ETag"] != etag

    def test_at_the_same_moment_too(self, lamp, products, admin):
        """Ten writers with one ETag: one writes."""
        conditional = {**admin, "If-Match": lamp.headers["ETag"]}
        ready = threading.Barrier(10)

        def write(price):
            ready.wait()
            change = {"price_cents": price}
            return products.patch("/products/LAMP-2", change, headers=conditional).status_code

        with ThreadPoolExecutor(10) as pool:
            statuses = list(pool.map(write, range(10)))

        assert sorted(statuses) == [200] + [412] * 9

    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            ("*", 200),
            ('"something-else"', 412),
            ('W/"weak"', 412),
            ("nonsense", 412),
            (",", 412),
        ],
    )
    def test_if_match(self, lamp, products, admin, condition, expected):
        """RFC 9110 13.1.1: any, or this one by strong comparison."""
        answer = products.put("/products/LAMP-2", LAMP, headers={**admin, "If-Match": condition})

        assert answer.status_code == expected

    def test_nothing_matches_what_is_not_there(self, products, admin):
        """If-Match never creates, and never deletes what is gone."""
        anything = {**admin, "If-Match": "*"}
        details = {"name": "Lampe", "price_cents": 1}

        assert products.put("/products/NOT-YET", details, headers=anything).status_code == 412
        assert products.delete("/products/NOT-YET", headers=anything).status_code == 412

    def test_if_none_match_only_creates(self, lamp, products, admin):
        """`*`: create it, but do not overwrite."""
        only_new = {**admin, "If-None-Match": "*"}

        assert products.put("/products/LAMP-2", LAMP, headers=only_new).status_code == 412


class TestDescription:
    def test_is_true(self, products, admin, tmp_path):
        """schemathesis finds no answer that the served OpenAPI does not announce, and no 500."""
        judge(products, admin, tmp_path)

    def test_has_an_offline_swagger_ui(self, products):
        """The page and all it loads come from here."""
        page = products.get("/openapi/swagger")
        linked = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
        answers = [requests.get(requests.compat.urljoin(page.url, link)) for link in linked]

        assert page.status_code == 200
        assert linked
        assert {answer.status_code for answer in answers} == {200}
        assert {answer.url.split("/")[2] for answer in answers} == {page.url.split("/")[2]}

    def test_says_who_may_write(self, products):
        """Reading is for all, writing takes a bearer token with the scope."""
        operations = products.get("/openapi/openapi.json").json()["paths"]["/products"]

        assert "security" not in operations["get"]
        assert operations["post"]["security"] == [{"bearer": ["products:write"]}]


@pytest.mark.needs("postgresql")
def test_on_postgresql(start, postgresql_url):
    """Two instances, one PostgreSQL: one catalogue, seeded once, and races lost politely."""
    auth = start("auth")
    peers = json.dumps({"auth": [auth.url]})
    env = {"DATABASE_URL": postgresql_url, "PEERS": peers, "wait": False}
    both = [start("products", instance=f"products-{number}", **env) for number in (1, 2)]
    for instance in both:
        instance.wait_for("event", event="ready")
    login = {"username": "admin", "password": start.password}
    token = auth.post("/login", login).json()["access_token"]
    admin = {"Authorization": f"Bearer {token}"}

    with ThreadPoolExecutor(10) as pool:
        body = {"name": "Course", "price_cents": 1}
        answers = pool.map(
            lambda n: both[n % 2].put("/products/RACE", body, headers=admin), range(10)
        )
        statuses = [answer.status_code for answer in answers]

    assert both[0].get("/products").json()["total"] == 6
    assert set(statuses) <= {200, 201, 409}
    assert statuses.count(201) == 1
