"""Invariants: each fires on a history made bad for it, and all keep quiet on a good one."""

import json
from copy import deepcopy

import pytest

from workbook.failures.history import ORDER, History, Record, completion
from workbook.failures.invariants import Account, Outage

from .invariants import INVARIANTS, check, minimal, timeline, total_queue
from .storm import charged_twice, orders_account

TRACE = "0af7651916cd43dd8448eb211c80319c"
HEADERS = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
ITEMS = [{"sku": "MUG", "quantity": 2, "price_cents": 990}]
ASKED = {"user": "alice", "items": ITEMS, "card": "tok_visa"}
TOLD = {"id": "o1", "status": "CONFIRMED", "items": ITEMS, "total_cents": 1980}


class Story:
    """One confirmed order, right in every book; a test then spoils one of them."""

    def __init__(self):
        self.history = History(RECORDS)
        self.account = deepcopy(ACCOUNT)

    def broken(self):
        return {violation.invariant for violation in check(self.history, self.account)}


def event(number, routing_key, at):
    return {
        "id": number,
        "message_id": f"m{number}",
        "routing_key": routing_key,
        "key": "o1",
        "body": json.dumps({"data": {"order_id": "o1"}}),
        "headers": json.dumps(HEADERS),
        "recorded_at": at,
        "published_at": at + 0.1,
    }


def span(kind, message_id, span_id, parent_id, **attributes):
    told = {"messaging.message.id": message_id, **attributes}
    return {
        "kind": "span",
        "span_kind": kind,
        "service": "orders",
        "name": kind,
        "trace_id": TRACE,
        "span_id": span_id,
        "parent_id": parent_id,
        "attributes": told,
    }


def answer(number, time, status=201, order=TOLD, type="ok", **value):
    told = {"status": status, "order": order, "user": "alice", **value}
    return Record(type, number, ORDER, "k1", time, told)


QUEUE = {"messaging.destination.subscription.name": "notifications.orders"}
RECORDS = (
    Record("invoke", 0, ORDER, "k1", 1.0, ASKED),
    answer(0, 2.0),
    Record("invoke", 1, ORDER, "k1", 3.0, ASKED),
    answer(1, 3.1),
)
ACCOUNT = Account(
    orders=[{**TOLD, "user_id": "alice", "card": None}],
    idempotency_keys=[{"user_id": "alice", "key": "k1", "order_id": "o1"}],
    sagas=[{"order_id": "o1", "trace": HEADERS}],
    saga_log=[
        {
            "order_id": "o1",
            "position": position,
            "command": "charge",
            "outcome": outcome,
            "at": "1970-01-01T00:00:01.5Z",
        }
        for position, outcome in enumerate(("started", "done"))
    ],
    ledger=[{"order_id": "o1", "kind": "charge", "amount_cents": 1980}],
    reservations=[{"order_id": "o1", "quantities": {"MUG": 2}}],
    stock=[{"sku": "MUG", "available": 98, "reserved": 0, "sold": 2}],
    notifications=[{"order_id": "o1", "kind": "order.confirmed", "recipient": "alice"}],
    outbox={
        "orders": [event(1, "order.created", 1.1), event(2, "order.confirmed", 1.8)],
        "payments": [],
    },
    inbox={
        "notifications": [
            {"consumer": "notifications.orders", "message_id": "m2", "received_at": 2.1}
        ]
    },
    bindings=[("notifications.orders", "order.confirmed")],
    depths={"notifications.orders": 0},
    dead=["poison"],
    planted={"poison"},
    lines=[
        span("server", None, "a", "client"),
        span("producer", "m2", "b", "a"),
        span("consumer", "m2", "c", "b", **QUEUE),
        {
            "kind": "log",
            "status": 201,
            "trace_id": TRACE,
            "correlation_id": "x",
            "message": "POST /orders",
        },
    ],
    secrets=("tok_visa",),
    prices={"MUG": 990},
    active=["inventory.choreography", "notifications.orders", "notifications.orders"],
    initial_stock={"MUG": 100},
    last_fault=10.0,
    settled=12.0,
)


def lost_order(story):
    story.account.orders.clear()


def broken_promise(story):
    story.account.orders[0]["status"] = "REJECTED"


def phantom(story):
    story.account.idempotency_keys[0]["key"] = "nobody’s"


def twice_without_key(story):
    story.account.idempotency_keys.clear()


def two_orders_for_a_key(story):
    story.history.records[3] = answer(1, 3.1, order={**TOLD, "id": "o2"})


def another_answer(story):
    story.history.records[1] = answer(0, 2.0, 202, {**TOLD, "status": "PENDING"})


def anothers_order(story):
    story.account.orders[0]["user_id"] = "bob"


def one_order_for_two_clients(story):
    story.history.records.append(answer(2, 4.0, user="bob"))


def answered_twice(story):
    story.account.saga_log.append({**story.account.saga_log[1], "position": 2})


def answered_unasked(story):
    story.account.saga_log.pop(0)


def wrong_total(story):
    """Orders and payments agree, and both are wrong."""
    story.account.orders[0]["total_cents"] = 990
    story.account.ledger[0]["amount_cents"] = 990


def refused_card(story):
    for number in (0, 2):
        asked = {**ASKED, "card": "tok_declined"}
        story.history.records[number] = Record("invoke", number, ORDER, "k1", 1.0, asked)


def wrong_articles(story):
    """Orders and inventory agree, and both are wrong."""
    story.account.orders[0]["items"] = [{"sku": "MUG", "quantity": 1}]
    story.account.reservations[0]["quantities"] = {"MUG": 1}
    story.account.stock[0].update(available=99, sold=1)


def never_reserved(story):
    story.account.reservations.clear()


def wrong_recipient(story):
    story.account.notifications[0]["recipient"] = "bob"


def two_active(story):
    story.account.active *= 2


def card_kept_by_orders(story):
    story.account.orders[0]["card"] = "tok"


def card_kept_by_payments(story):
    story.account.intents.append({"order_id": "o1"})


def pending(story):
    story.account.orders[0]["status"] = "PENDING"


def two_endings(story):
    story.account.outbox["orders"].append(event(3, "order.cancelled", 1.9))


def double_charge(story):
    story.account.ledger.append(dict(story.account.ledger[0]))


def refund_of_nothing(story):
    story.account.ledger.append({"order_id": "o9", "kind": "refund", "amount_cents": 5})


def still_reserved(story):
    story.account.stock[0].update(available=97, reserved=1)


def oversold(story):
    story.account.stock[0].update(available=-1, sold=101)


def unit_lost(story):
    story.account.stock[0]["available"] = 97


def unpublished(story):
    story.account.outbox["orders"][1]["published_at"] = None


def undelivered(story):
    story.account.inbox["notifications"].clear()


def from_nowhere(story):
    story.account.inbox["notifications"].append(
        {"consumer": "notifications.orders", "message_id": "m9", "received_at": 2.2}
    )


def told_twice(story):
    story.account.notifications *= 2


def never_said(story):
    story.account.outbox["orders"].pop()


def poison_dropped(story):
    story.account.dead.clear()


def innocent_dead(story):
    story.account.dead.append("m2")


def left_in_queue(story):
    story.account.depths["notifications.orders"] = 1


def ends_before_it_begins(story):
    story.account.outbox["orders"].reverse()
    for number, row in enumerate(story.account.outbox["orders"]):
        row["id"] = number


def published_backwards(story):
    story.account.outbox["orders"][0]["published_at"] = 9.0


def refunded_uncharged(story):
    story.account.outbox["payments"].append(event(7, "payment.refunded", 1.9))


def another_trace(story):
    story.account.lines[2]["trace_id"] = "f" * 32


def torn_trace(story):
    story.account.lines[1]["parent_id"] = "gone"


def line_without_id(story):
    story.account.lines[3]["trace_id"] = None


def secret_in_event(story):
    story.account.outbox["orders"][0]["body"] = '{"card": "tok_visa"}'


def secret_in_log(story):
    story.account.lines[3]["message"] = "tok_visa"


def failed_for_nothing(story, status=503):
    story.history.records += [
        Record("invoke", 2, "GET /stock", None, 4.0),
        Record("info", 2, "GET /stock", None, 4.1, {"status": status}),
    ]
    story.account.outages.append(Outage("payments", 3.5, 5.0))


def never_calm(story):
    story.account.settled = None


def slow_recovery(story):
    story.account.settled = 26.0


BAD = {
    "I1": (lost_order, broken_promise, anothers_order),
    "I2": (phantom, twice_without_key),
    "I3": (two_orders_for_a_key, another_answer, one_order_for_two_clients),
    "I4": (pending, two_endings),
    "I5": (double_charge, refund_of_nothing, wrong_total, refused_card),
    "I6": (still_reserved, oversold, unit_lost, wrong_articles, never_reserved),
    "I7": (unpublished, undelivered, from_nowhere, told_twice, never_said, wrong_recipient),
    "I8": (poison_dropped, innocent_dead, left_in_queue),
    "I9": (ends_before_it_begins, published_backwards, refunded_uncharged, two_active),
    "I10": (another_trace, torn_trace, line_without_id),
    "I11": (secret_in_event, secret_in_log, card_kept_by_orders, card_kept_by_payments),
    "I12": (failed_for_nothing,),
    "I13": (never_calm, slow_recovery),
    "I14": (answered_twice, answered_unasked),
}


@pytest.fixture
def story():
    return Story()


def test_quiet(story):
    """A right story breaks nothing."""
    assert check(story.history, story.account) == []


@pytest.mark.parametrize(
    ("name", "spoil"), [(name, spoil) for name, spoils in BAD.items() for spoil in spoils]
)
def test_fires(story, name, spoil):
    """What is wrong in one book is seen by the invariant that keeps it."""
    spoil(story)

    assert name in story.broken()


def test_all_have_a_bad_history():
    assert set(BAD) == set(INVARIANTS)


def test_excused(story):
    """An answer that could not be given, by a service that was down, is nobody's fault."""
    failed_for_nothing(story)
    story.account.outages.append(Outage("inventory", 3.9, 4.05))

    assert story.broken() == set()


class TestMachine:
    """Seconds are worth what the others left of the machine."""

    def test_a_late_answer(self, story):
        """A service that is well and gets no processor answers late: that is not its fault."""
        failed_for_nothing(story, status=504)
        story.account.machine.append((0.0, 20.0, 0.3))

        assert story.broken() == set()

    def test_a_refusal(self, story):
        """A circuit that opens for want of processor takes a slow service for a sick one."""
        failed_for_nothing(story)
        story.account.machine.append((0.0, 20.0, 0.3))

        assert story.broken() == {"I12"}

    @pytest.mark.parametrize(("ours", "broken"), [(0.9, {"I12"}), (0.5, set())])
    def test_circuits_close_again(self, story, ours, broken):
        """Two seconds are theirs after an outage; 2.9 of which half are others' are not over."""
        failed_for_nothing(story)
        story.account.outages.append(Outage("inventory", 0.5, 1.1))
        story.account.machine.append((0.0, 20.0, ours))

        assert story.broken() == broken

    def test_ours(self, story):
        """With the machine to itself, the shop has no excuse."""
        failed_for_nothing(story)
        slow_recovery(story)
        story.account.machine.append((0.0, 30.0, 0.95))

        assert story.broken() == {"I12", "I13"}

    def test_slow_recovery(self, story):
        slow_recovery(story)
        story.account.machine.append((0.0, 30.0, 0.5))

        assert story.broken() == set()

    def test_never_calm(self, story):
        """Whatever the machine."""
        never_calm(story)
        story.account.machine.append((0.0, 30.0, 0.1))

        assert story.broken() == {"I13"}


class TestTotalQueue:
    """The words of Jepsen's checker."""

    COPY = ("m2", "notifications.orders")

    def test_delivered(self, story):
        queue = total_queue(story.account)

        assert queue.attempted == queue.acknowledged == {self.COPY}
        assert not queue.lost | queue.unexpected | queue.duplicated | queue.recovered

    def test_lost(self, story):
        undelivered(story)

        assert total_queue(story.account).lost == {self.COPY}

    def test_duplicated(self, story):
        """Delivered twice is no fault: the inbox turns the second one away."""
        story.account.lines.append(span("consumer", "m2", "d", "b", **QUEUE))

        assert total_queue(story.account).duplicated == {self.COPY}
        assert story.broken() == set()

    def test_recovered(self, story):
        """Published twice: nobody knew whether the first had arrived, and it had."""
        story.account.lines.append(span("producer", "m2", "d", "a"))

        assert total_queue(story.account).recovered == {self.COPY}

    def test_orders(self, story):
        """The same words, said of orders."""
        story.history.records[1:] = [answer(0, 2.0, None, None, "info")]

        assert orders_account(story.history, story.account) == {
            "attempted": 1,
            "acknowledged": 0,
            "lost": 0,
            "unexpected": 0,
            "duplicated": 0,
            "recovered": 1,
        }
        assert charged_twice(story.account) == 0


class TestStory:
    def test_timeline(self, story):
        """All that is known of an order, in the order in which it happened."""
        told = [text for _, text in timeline(story.history, story.account, "o1")]

        assert told[:3] == ["client   invoke ", "orders note order.created", told[2]]
        assert "saga     charge done" in told
        assert "notifications.orders a traité order.confirmed" in told

    def test_minimal(self, story):
        """Of several wrong orders, the one with the shortest story is told."""
        double_charge(story)
        refund_of_nothing(story)
        violations = check(story.history, story.account)

        violation, events = minimal(story.history, story.account, violations)
        assert (violation.subject, bool(events)) == ("o1", True)


@pytest.mark.parametrize(
    ("status", "order", "type"),
    [
        (201, TOLD, "ok"),
        (202, TOLD, "ok"),
        (402, TOLD, "fail"),
        (422, None, "fail"),
        (503, None, "info"),
        (503, TOLD, "fail"),
    ],
)
def test_completion(status, order, type):
    """A 5xx leaves the client in doubt, unless it brings the order that was cancelled."""
    assert completion(status, order) == type
