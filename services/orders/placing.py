"""Placing: an order, its idempotency key, its saga and its first event begin in one transaction."""

import logging
from datetime import UTC, datetime
from uuid import uuid4

from services.chassis import crash_point
from services.orders import pricing
from services.orders.endings import payload
from services.orders.models import Order, database, events

log = logging.getLogger(__name__)


def create(flow, request, body):
    """Create the order, unless its key was tied to another meanwhile; returns the order's id."""
    order_id = str(uuid4())
    items = pricing.priced(body.items)
    total = sum(item["price_cents"] * item["quantity"] for item in items)
    card = flow.prepare(order_id, total, body.card)
    with database.transaction() as session:
        agreed = request.claim(session, order_id)
        if agreed == order_id:
            order = record(session, order_id, request.user_id, items, total, card)
            data = payload(order)
            events.record(session, "order.created", order_id, data, mandatory=flow.mandatory)
            flow.begin(session, order_id)
        crash_point("before_create_commit")
    crash_point("after_create_commit")
    if agreed == order_id:
        about = {"order_id": order_id, "user_id": request.user_id, "total_cents": total}
        log.info("Commande créée.", extra=about)
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
