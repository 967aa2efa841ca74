"""Choreography: payments charges when the stock is reserved; nobody tells it to.

Only with SAGA=choreography; in the orchestrated shop orders calls the same operations by HTTP.
The card comes by HTTP before the order exists (`lay_down`): an event is read by every subscriber
and lies in queues, so it never carries one.

Events of two services come in no order. A cancellation may overtake the reservation: it leaves a
tombstone. It may have been told before payments was there to hear it, too; but what was reserved
for the order is then released, and inventory tells of both, in that order.

Of an order that was never born, because orders died once it had laid down the card, nobody tells
anything: `forget_old`.
"""

import time

from sqlalchemy import delete

from services.chassis import settings
from services.payments import charges
from services.payments.models import Intent, database

SWEEP = 60  # seconds


def take_part(app, events):
    """React to the other services' events, if the shop is choreographed."""
    if not charges.choreographed():
        return
    app.every(min(SWEEP, kept_seconds()), forget_old)

    @events.on(*REACTIONS, queue="choreography", ordered=True)
    def react(session, event):
        REACTIONS[event.routing_key](session, events, event.data["order_id"])


def lay_down(session, order_id, amount_cents, card):
    """Keep a card for the charge that an event will ask for."""
    intent = database.claim(session, Intent, order_id=order_id)
    intent.amount_cents, intent.card = amount_cents, card


def charge(session, events, order_id):
    intent = session.get(Intent, order_id)
    if intent is not None:
        charges.charge(session, events, order_id, intent.amount_cents, intent.card)
    forget(session, events, order_id)


def give_back(session, events, order_id):
    charges.refund(session, events, order_id)
    forget(session, events, order_id)


def forget(session, events, order_id):
    """The card has served, or never will."""
    session.execute(delete(Intent).where(Intent.order_id == order_id))


def kept_seconds():
    """How long a card waits for its order: far longer than an order may stay unpaid."""
    return settings.number("CARD_SECONDS", 3600)


def forget_old():
    """No event will ever ask for these; an order whose card is gone is cancelled, not charged."""
    with database.transaction() as session:
        session.execute(delete(Intent).where(Intent.laid_at < time.time() - kept_seconds()))


REACTIONS = {
    "stock.reserved": charge,
    "stock.released": give_back,
    "order.rejected": forget,
    "order.cancelled": give_back,
}
