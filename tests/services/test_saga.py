"""Saga: killed anywhere, an order ends in one way, paid as it should be, and the stock is exact."""

import re
import threading

import pytest
from basics import ROOT, eventually
from order_shop import OrderShop, lines
from ports import free_port

from services.inventory.crash_points import CRASH_POINTS as INVENTORY
from services.notifications.crash_points import CRASH_POINTS as NOTIFICATIONS
from services.orders.crash_points import CRASH_POINTS as ORDERS
from services.orders.saga import next_command, verdict
from services.payments.crash_points import CRASH_POINTS as PAYMENTS

SERVICES = ROOT / "services"
NEEDED = ("auth", "products", "inventory", "payments", "orders")
UNDOING = {"release", "refund"}


@pytest.fixture(scope="module")
def shop():
    shop = OrderShop().start(*NEEDED)
    yield shop
    shop.close()


@pytest.fixture(scope="module")
def impatient_shop():
    shop = OrderShop(SAGA_TIMEOUT="0.3").start(*NEEDED)
    yield shop
    shop.close()


def restart(shop, name, **env):
    shop.kill(name)
    shop.start(name, **env)


def command_of(point):
    return next((word for word in point.split("_") if word in UNDOING), None)


class TestNextCommand:
    """What to do next follows from the log alone."""

    DONE = (("reserve", "started"), ("reserve", "done"), ("charge", "started"))

    @pytest.mark.parametrize(
        ("history", "command"),
        [
            ([], "reserve"),
            ([("reserve", "started")], "reserve"),
            ([("reserve", "started"), ("reserve", "done")], "charge"),
            ([*DONE], "charge"),
            ([*DONE, ("charge", "done")], "confirm"),
            ([*DONE, ("charge", "done"), ("confirm", "started"), ("confirm", "done")], None),
            ([("reserve", "started"), ("reserve", "refused")], None),
            ([*DONE, ("charge", "refused")], "release"),
            ([*DONE, ("charge", "refused"), ("release", "started")], "release"),
            ([*DONE, ("charge", "refused"), ("release", "started"), ("release", "done")], None),
            ([*DONE, ("saga", "timed out")], "refund"),
            ([*DONE, ("saga", "timed out"), ("refund", "started"), ("refund", "done")], "release"),
            ([("reserve", "started"), ("saga", "timed out")], "release"),
        ],
    )
    def test_follows(self, history, command):
        assert next_command(history) == command

    def test_verdict(self):
        """Done is confirmed, refused is rejected, out of time is cancelled."""
        assert verdict([*self.DONE, ("charge", "done")]) == ("CONFIRMED", None)
        assert verdict([("reserve", "refused")]) == ("REJECTED", "stock")
        assert verdict([*self.DONE, ("charge", "refused")]) == ("REJECTED", "payment")
        assert verdict([*self.DONE, ("saga", "timed out")]) == ("CANCELLED", "timeout")


class TestCrash:
    """kill -9 at every named line, restart, and the client asks again with its key."""

    @pytest.mark.parametrize("card", ["tok_visa", "tok_declined"])
    @pytest.mark.parametrize("point", [p for p in ORDERS if command_of(p) != "refund"])
    def test_orders(self, shop, point, card):
        key = f"{point}-{card}"
        expected = {"tok_visa": 201, "tok_declined": 402}[card]
        on_the_way = {"tok_visa": "release", "tok_declined": "confirm"}[card] not in point
        restart(shop, "orders", FAULT=f"orders:{point}:1")
        shop.order(card=card, key=key)
        if on_the_way:
            shop.await_death("orders")
        restart(shop, "orders")
        answer = shop.order(card=card, key=key)
        shop.settle()

        made = f"SELECT order_id FROM idempotency_keys WHERE key = '{key}'"
        assert answer.status_code == expected
        assert len(shop.rows("orders", made)) == 1
        assert not shop.books()

    @pytest.mark.parametrize("point", [p for p in INVENTORY if command_of(p) != "release"])
    def test_inventory(self, shop, point):
        self.participant_dies(shop, "inventory", point)

    @pytest.mark.parametrize("point", [p for p in INVENTORY if command_of(p) == "release"])
    def test_inventory_undoing(self, shop, point):
        self.participant_dies(shop, "inventory", point, "tok_declined")

    @pytest.mark.parametrize("card", ["tok_visa", "tok_declined"])
    @pytest.mark.parametrize("point", [p for p in PAYMENTS if command_of(p) != "refund"])
    def test_payments(self, shop, point, card):
        self.participant_dies(shop, "payments", point, card)

    def participant_dies(self, shop, name, point, card="tok_visa"):
        restart(shop, name, FAULT=f"{name}:{point}:1")
        answer = shop.order(card=card)
        shop.await_death(name)
        shop.start(name)
        shop.settle()

        assert answer.status_code == 202
        order = shop.show(answer.json()["id"])
        assert order["status"] == {"tok_visa": "CONFIRMED", "tok_declined": "REJECTED"}[card]
        assert not shop.books()


class TestTimeOut:
    """An order that is not paid in time is undone, whatever became of the charge."""

    @pytest.fixture
    def shop(self, impatient_shop):
        return impatient_shop

    def cancelled(self, shop, order_id):
        shop.await_status(order_id, "CANCELLED")
        undone = [pair for pair in shop.log(order_id) if pair[0] in {"saga", "refund", "release"}]
        assert undone == [
            ("saga", "timed out"),
            ("refund", "started"),
            ("refund", "done"),
            ("release", "started"),
            ("release", "done"),
        ]
        assert not shop.books()

    def test_never_charged(self, shop):
        """The refund comes first and leaves a tombstone: the charge that comes late is refused."""
        shop.kill("payments")
        order = shop.order().json()
        threading.Event().wait(0.3)
        shop.start("payments")

        self.cancelled(shop, order["id"])
        charge = {"amount_cents": order["total_cents"], "card": "tok_visa"}
        late = shop.call("payments", "PUT", f"/charges/{order['id']}", json=charge)
        assert late.status_code == 410
        assert not shop.books()

    def test_charged_unheard(self, shop):
        """Charged, but the answer got lost: the money goes back."""
        restart(shop, "payments", FAULT="payments:after_charge_commit:1")
        order = shop.order().json()
        shop.await_death("payments")
        threading.Event().wait(0.3)
        shop.start("payments")

        self.cancelled(shop, order["id"])
        charge = shop.call("payments", "GET", f"/charges/{order['id']}").json()
        assert charge["refunded_cents"] == order["total_cents"]

    @pytest.mark.parametrize(
        ("name", "point"),
        [("orders", p) for p in ORDERS if command_of(p) == "refund"]
        + [("payments", p) for p in PAYMENTS if command_of(p) == "refund"],
    )
    def test_crash(self, shop, name, point):
        """Killed while it undoes, it goes on undoing."""
        shop.kill("payments", "orders")
        shop.start("orders", **({"FAULT": f"orders:{point}:1"} if name == "orders" else {}))
        order_id = shop.order().json()["id"]
        threading.Event().wait(0.3)
        shop.start("payments", **({"FAULT": f"payments:{point}:1"} if name == "payments" else {}))
        shop.await_death(name)
        shop.start(name)

        self.cancelled(shop, order_id)


class TestInstances:
    """Several instances of orders share the sagas, one runner at a time each."""

    @pytest.fixture
    def second(self, shop):
        url = f"sqlite:///{shop.folder / 'orders'}.db"
        process = shop.spawn("orders", "orders-2", free_port(), DATABASE_URL=url)
        shop.await_line(process, event="ready")
        yield process
        process.kill()
        process.wait()

    def test_one_runner(self, shop, second):
        """Two instances that both see what waits send each command once."""
        restart(shop, "orders")
        shop.kill("payments")
        waiting = [answer.json()["id"] for answer in shop.orders_at_once(6)]
        shop.start("payments")
        shop.settle()

        for order_id in waiting:
            log = shop.log(order_id)
            assert len(log) == len(set(log)) == 6
        assert not shop.books()

    def test_asleep(self, shop, second):
        """An instance asleep for longer than its lease is replaced, and may not write any more."""
        slow = {"json": {"slow": 0.5}, "headers": {"Authorization": "Bearer control"}}
        shop.call("payments", "PUT", "/internal/faults", **slow)
        known = set(shop.rows("orders", "SELECT id FROM orders"))
        client = threading.Thread(target=shop.order)
        client.start()
        charging = "SELECT order_id FROM saga_log WHERE command = 'charge'"
        ((order_id,),) = eventually(
            lambda: set(shop.rows("orders", charging)) - known, what="an order being charged"
        )
        shop.processes["orders"].pause()
        confirmed = f"SELECT id FROM orders WHERE id = '{order_id}' AND status = 'CONFIRMED'"
        eventually(lambda: shop.rows("orders", confirmed), what="the other instance to finish")
        shop.processes["orders"].resume()
        client.join()

        log = shop.log(order_id)
        assert len(log) == len(set(log)) == 6
        assert not shop.books()


class TestTelemetry:
    def test_one_trace(self, shop):
        """What is done later for an order belongs to the trace of the request that placed it."""
        trace_id = "0af7651916cd43dd8448eb211c80319c"
        shop.kill("payments")
        order = shop.order(traceparent=f"00-{trace_id}-b7ad6b7169203331-01").json()
        shop.start("payments")
        shop.await_status(order["id"], "CONFIRMED")

        spans = [line for line in lines(shop.processes["payments"]) if line["kind"] == "span"]
        charged = [span for span in spans if span["name"] == "PUT /charges/<order_id>"]
        assert {span["trace_id"] for span in charged} == {trace_id}


@pytest.mark.needs("rabbitmq")
class TestEvents:
    @pytest.fixture
    def shop(self, rabbitmq_url):
        shop = OrderShop(RABBITMQ_URL=rabbitmq_url).start()
        yield shop
        shop.close()

    @pytest.mark.parametrize(
        ("card", "kind"), [("tok_visa", "order.confirmed"), ("tok_declined", "order.rejected")]
    )
    def test_told(self, shop, card, kind):
        """The customer hears how the order ended, once, and no event stays behind."""
        shop.order(card=card)

        def told():
            return shop.call("notifications", "GET", "/notifications", "alice").json()[
                "notifications"
            ]

        def left():
            services = ("orders", "inventory", "payments", "notifications")
            waiting = "SELECT routing_key FROM outbox WHERE published_at IS NULL"
            return [row for name in services for row in shop.rows(name, waiting)]

        assert [sent["kind"] for sent in eventually(told, what="a message")] == [kind]
        eventually(lambda: not left(), what="empty outboxes")


@pytest.mark.parametrize(
    ("service", "points"),
    [
        ("orders", ORDERS),
        ("inventory", INVENTORY),
        ("payments", PAYMENTS),
        ("notifications", NOTIFICATIONS),
    ],
)
def test_crash_points(service, points):
    """The list of crash points is the one in the code: `{command}` stands for any command."""
    code = "".join(file.read_text() for file in (SERVICES / service).glob("*.py"))
    written = [
        re.sub(r"\{\w+\}", r"\\w+", name) for name in re.findall(r'crash_point\(f?"(.+?)"', code)
    ]

    assert all(any(re.fullmatch(name, point) for name in written) for point in points)
    assert all(any(re.fullmatch(name, point) for point in points) for name in written)
