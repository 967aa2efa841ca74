"""Payments: money moves once for an order, however often it is asked for."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from order_shop import OrderShop


@pytest.fixture(scope="module")
def shop():
    shop = OrderShop().start("payments")
    yield shop
    shop.close()


def charge(shop, order_id, amount_cents=3990, card="tok_visa"):
    body = {"amount_cents": amount_cents, "card": card}
    return shop.call("payments", "PUT", f"/charges/{order_id}", json=body)


def refund(shop, order_id):
    return shop.call("payments", "PUT", f"/refunds/{order_id}")


def ledger(shop, order_id):
    """What moved for an order: (kind, amount in cents), in order."""
    query = f"SELECT kind, amount_cents FROM ledger WHERE order_id = '{order_id}' ORDER BY number"
    return shop.rows("payments", query)


class TestCharge:
    def test_once(self, shop):
        """Asked three times, charged once."""
        answers = [charge(shop, "once") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [201, 200, 200]
        assert len({answer.text for answer in answers}) == 1
        assert ledger(shop, "once") == [("charge", 3990)]

    def test_at_once(self, shop):
        """Ten copies at the same moment charge once."""
        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(lambda _: charge(shop, "at-once").status_code, range(10)))

        assert sorted(answers) == [200] * 9 + [201]
        assert ledger(shop, "at-once") == [("charge", 3990)]

    def test_other_amount(self, shop):
        """The same order for another amount is a mistake."""
        charge(shop, "amount")

        assert charge(shop, "amount", 4990).status_code == 422
        assert ledger(shop, "amount") == [("charge", 3990)]

    def test_declined(self, shop):
        """A refused card stays refused for its order, whatever card comes after."""
        answers = [charge(shop, "declined", card=card) for card in ("tok_declined", "tok_visa")]

        assert [answer.status_code for answer in answers] == [402, 402]
        assert ledger(shop, "declined") == []

    @pytest.mark.parametrize(
        "change", [{"amount_cents": -1}, {"amount_cents": 1.5}, {"card": "4970100000000014"}]
    )
    def test_nonsense(self, shop, change):
        """Nonsense is refused; a card number most of all, and it is repeated nowhere."""
        answer = charge(shop, "nonsense", **change)

        assert answer.status_code == 422
        assert "4970100000000014" not in answer.text + "".join(shop.processes["payments"].lines)

    def test_show(self, shop):
        """What came of a charge; 404 where there was none."""
        charge(shop, "show")

        assert shop.call("payments", "GET", "/charges/show").json()["state"] == "CHARGED"
        assert shop.call("payments", "GET", "/charges/unknown").status_code == 404


class TestRefund:
    def test_once(self, shop):
        """Asked three times, given back once."""
        charge(shop, "back")
        answers = [refund(shop, "back") for _ in range(3)]

        assert {answer.status_code for answer in answers} == {200}
        assert answers[-1].json()["refunded_cents"] == 3990
        assert ledger(shop, "back") == [("charge", 3990), ("refund", 3990)]

    def test_charge_afterwards(self, shop):
        """A late copy of the charge does not charge again, and is not told that it worked."""
        charge(shop, "late")
        refund(shop, "late")

        assert charge(shop, "late").status_code == 410
        assert ledger(shop, "late") == [("charge", 3990), ("refund", 3990)]

    def test_tombstone(self, shop):
        """A refund that comes first refuses the charge that comes after; no money moves."""
        assert refund(shop, "tombstone").json()["refunded_cents"] == 0
        assert charge(shop, "tombstone").status_code == 410
        assert refund(shop, "tombstone").status_code == 200
        assert ledger(shop, "tombstone") == []

    def test_declined(self, shop):
        """There is nothing to give back for a refused card."""
        charge(shop, "nothing", card="tok_declined")
        refund(shop, "nothing")

        assert ledger(shop, "nothing") == []


class TestPostgreSQL:
    def test_at_once(self, shop, postgresql_url):
        """Charges and refunds of the same orders, all at once, still balance."""
        other = OrderShop()
        try:
            other.start("payments", DATABASE_URL=postgresql_url)
            calls = [(call, f"order-{n}") for n in range(8) for call in (charge, refund, charge)]
            with ThreadPoolExecutor(12) as pool:
                answers = list(pool.map(lambda pair: pair[0](other, pair[1]).status_code, calls))
            states = [refund(other, f"order-{n}").json() for n in range(8)]
        finally:
            other.close()

        assert set(answers) <= {200, 201, 410}
        assert {state["state"] for state in states} <= {"REFUNDED", "VOID"}
