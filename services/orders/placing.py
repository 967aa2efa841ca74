"""Placing: an order, its idempotency key, its saga and its first event begin in one transaction."""

from datetime import UTC, datetime
from uuid import uuid4

from services.chassis import crash_point
from services.orders import pricing
from services.orders.lifecycle import announce
from services.orders.models import Order, database


def create(events, flow, attempt, body):
    """Make the order, unless a rival with the same key just did; returns the order's id."""
    order_id = str(uuid4())
    items = pricing.priced(body.items)
    total = sum(item["price_cents"] * item["quantity"] for item in items)
    card = flow.prepare(order_id, total, body.card)
    with database.transaction() as session:
        agreed = attempt.claim(session, order_id)
        if agreed == order_id:
            order = record(session, order_id, attempt.user_id, items, total, card)
            # Only the choreographed shop waits for somebody to hear of it.
            data = announce(order)
            events.record(session, "order.created", order_id, data, mandatory=flow.needs_hearing)
            flow.begin(session, order_id)
        crash_point("before_create_commit")
    crash_point("after_create_commit")
    return agreed


def record(session, order_id, user_id, items, total_cents, card):
    order = Order(
        id=order_id,
        user_id=user_id,
        status="PENDING",
        items=items,
        total_cents=total_cents,
        card=card,
        created_at=datetime.now(UTC).isoformat(),
    )
    session.add(order)
    return order
