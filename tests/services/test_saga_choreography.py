"""Choreography: the same orders and the same books, with nobody in charge."""

import pika
import pytest
from basics import eventually
from order_shop import OrderShop

pytestmark = pytest.mark.needs("rabbitmq")

NEEDED = ("auth", "products", "inventory", "payments", "orders")
POINTS = (
    "relay_before_publish",
    "relay_after_publish",
    "consumer_before_commit",
    "consumer_before_ack",
)


@pytest.fixture(scope="module")
def shop(broker):
    env = {"RABBITMQ_URL": broker.url, "SAGA": "choreography", "SAGA_TIMEOUT": "8"}
    shop = OrderShop(**env).start(*NEEDED)
    yield shop
    shop.close()


@pytest.fixture(autouse=True)
def exact_books(shop):
    """After every test, once all events are heard, the books are right."""
    yield
    eventually(lambda: not shop.books(), what="exact books")


def ended(shop, answer):
    """The order as it ends, after a first answer that could only be 202."""
    assert (answer.status_code, answer.json()["status"]) == (202, "PENDING")
    shop.settle()
    return shop.show(answer.json()["id"])


def test_confirmed(shop):
    """Placed, reserved, charged, confirmed: by events alone."""
    order = ended(shop, shop.order("LAMP", 2))

    assert order["status"] == "CONFIRMED"
    assert shop.log(order["id"]) == [("payment.processed", "heard")]
    eventually(lambda: shop.stock("LAMP")["sold"] == 2, what="two lamps sold")


def test_payment_refused(shop):
    """A refused card rejects the order, and the stock comes back."""
    order = ended(shop, shop.order(card="tok_declined"))

    assert (order["status"], order["reason"]) == ("REJECTED", "payment")


def test_out_of_stock(shop):
    """What inventory says is what the customer hears; nothing is charged."""
    order = ended(shop, shop.order("BOOK", 6))

    assert (order["status"], order["reason"]) == ("REJECTED", "stock")
    assert "5 BOOK" in order["detail"]
    assert shop.call("payments", "GET", f"/charges/{order['id']}").status_code == 404


def test_same_key(shop):
    """Ten copies of a request make one order."""
    answers = shop.orders_at_once(10, key="choreography")
    shop.settle()

    assert len({answer.text for answer in answers}) == 1


def test_payments_down(shop):
    """Nowhere to lay the card down: 503, and no order."""
    before = shop.rows("orders", "SELECT id FROM orders")
    shop.kill("payments")
    answer = shop.order()
    shop.start("payments")

    assert answer.status_code == 503
    assert shop.rows("orders", "SELECT id FROM orders") == before


def test_inventory_down(shop):
    """The order waits for inventory as an event in a queue."""
    shop.kill("inventory")
    answer = shop.order()
    shop.start("inventory")

    assert ended(shop, answer)["status"] == "CONFIRMED"


def test_time_out(shop):
    """Cancelled in the meantime: whoever hears of the order too late takes nothing for it."""
    shop.kill("inventory", "orders")
    shop.start("orders", SAGA_TIMEOUT="0.5")
    order = ended(shop, shop.order())
    shop.start("inventory")
    tombstone = f"SELECT state FROM payments WHERE order_id = '{order['id']}'"
    eventually(lambda: shop.rows("payments", tombstone) == [("VOID",)], what="the tombstone")
    released = f"SELECT state FROM reservations WHERE order_id = '{order['id']}'"
    eventually(lambda: shop.rows("inventory", released) == [("RELEASED",)], what="the release")
    shop.kill("orders")
    shop.start("orders")

    assert (order["status"], order["reason"]) == ("CANCELLED", "timeout")


def test_cancelled_before_payments_listens(shop):
    """Payments never hears of the cancellation; it charges, hears of the release, and refunds."""
    shop.kill("payments", "orders")
    with pika.BlockingConnection(pika.URLParameters(shop.env["RABBITMQ_URL"])) as connection:
        connection.channel().queue_delete("payments.choreography")
    shop.start("payments", RABBITMQ_URL="")
    shop.start("orders", SAGA_TIMEOUT="0.5")
    order = ended(shop, shop.order())
    released = f"SELECT state FROM reservations WHERE order_id = '{order['id']}'"
    eventually(lambda: shop.rows("inventory", released) == [("RELEASED",)], what="the release")
    shop.kill("payments", "orders")
    shop.start("payments", "orders")
    state = f"SELECT state FROM payments WHERE order_id = '{order['id']}'"
    eventually(lambda: shop.rows("payments", state) == [("REFUNDED",)], what="the refund")

    assert (order["status"], order["reason"]) == ("CANCELLED", "timeout")


@pytest.mark.parametrize("card", ["tok_visa", "tok_declined"])
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("name", ["inventory", "payments", "orders"])
def test_crash(shop, name, point, card):
    """Killed while it publishes or listens, a service goes on where it was."""
    shop.kill(name)
    shop.start(name, FAULT=f"{name}:{point}:1")
    shop.order(card=card, key=f"{name}-{point}-{card}")
    shop.await_death(name)
    shop.start(name)
    answer = shop.order(card=card, key=f"{name}-{point}-{card}").json()
    shop.settle()

    # The order may have been rejected before the client came back: then its answer is the 402.
    order = shop.show(answer.get("order", answer)["id"])
    assert order["status"] == {"tok_visa": "CONFIRMED", "tok_declined": "REJECTED"}[card]


def test_no_card(shop):
    """The card was in no event and no log, and payments has forgotten it, sold or not."""
    kept = "SELECT * FROM intents WHERE card = 'tok_mastercard'"
    shop.order(card="tok_mastercard")
    shop.order("BOOK", 6, card="tok_mastercard")
    shop.settle()
    eventually(lambda: not shop.rows("payments", kept), what="forgotten cards")

    for name in ("orders", "payments", "inventory"):
        assert not shop.rows(name, "SELECT * FROM outbox WHERE body LIKE '%tok_%'")
        assert "tok_mastercard" not in "".join(shop.processes[name].lines)


def test_card_of_an_order_never_born(shop):
    """Orders dies between the card and the order: no event tells of it, and the card goes."""
    laid = "SELECT * FROM intents WHERE card = 'tok_amex'"
    shop.kill("orders")
    shop.start("orders", FAULT="orders:before_create_commit:1")
    shop.order(card="tok_amex")
    shop.await_death("orders")
    assert shop.rows("payments", laid)
    shop.kill("payments")
    shop.start("payments", CARD_SECONDS="0.1")

    eventually(lambda: not shop.rows("payments", laid), what="the sweep")

    shop.kill("payments")
    shop.start("orders", "payments")
