"""Choreography: payments charges when the stock is reserved (SAGA=choreography).

In the orchestrated shop nobody consumes these events: orders calls the same operations by HTTP.
The card comes by HTTP before the order exists (`store_card`): events are read by every subscriber
and wait in queues, so they never carry one.

Events of two services, orders and inventory, come in no order:
- order.cancelled overtakes stock.reserved: it leaves a tombstone, which refuses the late charge;
- order.cancelled was published before payments had bound its queue: payments misses it, but
  inventory then publishes stock.released after stock.reserved, which refunds the charge;
- orders dies after `store_card` and before the order exists: no event ever asks for the card,
  and `delete_old_cards` deletes it.
"""

from sqlalchemy import delete, select

from services.chassis import clock, lifecycle, settings
from services.payments import charges
from services.payments.models import Intent, database

SWEEP = 60  # seconds
_waiting = clock.Unchanged()


def store_card(session, order_id, amount_cents, card):
    """Keep a card for the charge that an event will ask for."""
    intent = database.claim(session, Intent, order_id=order_id)
    intent.amount_cents, intent.card = amount_cents, card


def charge(session, event):
    intent = session.get(Intent, event.data["order_id"])
    if intent is not None:
        charges.charge(session, intent.order_id, intent.amount_cents, intent.card)
    delete_card(session, event)


def refund(session, event):
    charges.refund(session, event.data["order_id"])
    delete_card(session, event)


def delete_card(session, event):
    """The card has been charged, or never will be."""
    session.execute(delete(Intent).where(Intent.order_id == event.data["order_id"]))


def kept_seconds():
    """How long a card waits for its order: far longer than an order may stay unpaid."""
    return settings.number("CARD_SECONDS", 3600)


def keep_deleting_old_cards():
    """From the start of the service to its stop, now and then."""
    lifecycle.every(min(SWEEP, kept_seconds()), delete_old_cards)


def delete_old_cards():
    """Delete the cards that no event asked for in time: their orders will never be charged."""
    with database.transaction() as session:
        waiting = session.scalars(select(Intent.order_id)).all()
        _waiting.keep_only(waiting)
        old = [id for id in waiting if _waiting.seconds(id, "stored") > kept_seconds()]
        session.execute(delete(Intent).where(Intent.order_id.in_(old)))


REACTIONS = {
    "stock.reserved": charge,
    "stock.released": refund,
    "order.rejected": delete_card,
    "order.cancelled": refund,
}
