"""Signed in once, for as long as the shop lives: tokens are renewed, and still expire."""

import pytest

from workbook.errors import WorkbookError
from workbook.shop import Shop
from workbook.waiting import until


@pytest.fixture(scope="module")
def shop():
    """A shop whose tokens live some seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOKEN_LIFETIME", "6")
        shop = Shop.start("gateway", "auth", "users", "products", broker=False)
        yield shop
        shop.stop()


def statuses(records):
    """The statuses that the notebook's own calls got."""
    spans = [r for r in records if r["kind"] == "span" and r["service"] == "client"]
    return [span["attributes"].get("http.response.status_code") for span in spans]


def test_outlives_the_token(shop, monkeypatch):
    """A learner goes on, customers too; the token shown to the learner expires all the same."""
    token = {"Authorization": f"Bearer {shop.sign_in('alice')}"}
    seen, add = [], shop.telemetry.add
    monkeypatch.setattr(shop.telemetry, "add", lambda record: (seen.append(record), add(record)))
    shop.start_traffic(10)

    assert until(lambda: shop.get("/users/me", headers=token).status_code == 401, 30)
    assert shop.get("/users/me").ok
    shop.stop_traffic()
    assert statuses(seen).count(401) == 1


def test_auth_away(shop):
    """The token in hand serves to its end; then one is told what to run, once auth is back."""
    shop.sign_in("alice")
    shop.kill("auth")

    assert shop.get("/users/me").ok
    with pytest.raises(WorkbookError, match=r"shop\.sign_in"):
        until(lambda: not shop.get("/users/me").ok, 60)


def test_signed_out(shop):
    """Nobody again."""
    shop.sign_out()

    assert shop.get("/users/me").status_code == 401
