"""Choreography: inventory reacts to the orders' events; nobody tells it what to do.

Only with SAGA=choreography; in the orchestrated shop orders calls the same operations by HTTP.
It listens to the events of orders alone: those of one order come in order.
"""

from services.inventory import reservations


def take_part(events):
    """React to the orders' events, if the shop is choreographed."""
    if not reservations.choreographed():
        return

    @events.on(*REACTIONS, queue="choreography", ordered=True)
    def react(session, event):
        REACTIONS[event.routing_key](session, events, event.data)


def reserve(session, events, order):
    wanted = {item["sku"]: item["quantity"] for item in order["items"]}
    reservation, _ = reservations.reserve(session, events, order["order_id"], wanted)
    if reservation.state == "REFUSED":
        said = {"order_id": order["order_id"], "detail": reservation.detail}
        events.record(session, "stock.refused", order["order_id"], said)


def confirm(session, events, order):
    reservations.confirm(session, order["order_id"])


def release(session, events, order):
    reservations.release(session, events, order["order_id"])


REACTIONS = {
    "order.created": reserve,
    "order.confirmed": confirm,
    "order.rejected": release,
    "order.cancelled": release,
}
