"""Choreography: payments charges when the stock is reserved; nobody tells it to.

Only with SAGA=choreography; in the orchestrated shop orders calls the same operations by HTTP.
The card comes by HTTP before the order exists (`lay_down`): an event is read by every subscriber
and lies in queues, so it never carries one.
"""

from services.payments import charges
from services.payments.models import Intent, database


def take_part(events):
    """React to the other services' events, if the shop is choreographed."""
    if not charges.choreographed():
        return

    @events.on("stock.reserved", "order.cancelled", queue="choreography", ordered=True)
    def react(session, event):
        order_id = event.data["order_id"]
        if event.routing_key == "stock.reserved":
            charge(session, events, order_id)
        else:
            charges.refund(session, events, order_id)


def charge(session, events, order_id):
    intent = session.get(Intent, order_id)
    charges.charge(session, events, order_id, intent.amount_cents, intent.card)
    session.delete(intent)


def lay_down(session, order_id, amount_cents, card):
    """Keep a card for the charge that an event will ask for."""
    intent = database.claim(session, Intent, order_id=order_id)
    intent.amount_cents, intent.card = amount_cents, card
