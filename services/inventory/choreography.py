"""Choreography: inventory reacts to the events of orders (SAGA=choreography).

In the orchestrated shop nobody consumes these events: orders calls the same operations by HTTP.
The events of one order come in order, since orders alone publishes them.
"""

from services.inventory import reservations
from services.inventory.models import events


def reserve(session, event):
    order = event.data
    wanted = {item["sku"]: item["quantity"] for item in order["items"]}
    reservation, _ = reservations.reserve(session, order["order_id"], wanted)
    if reservation.state == "REFUSED":
        payload = {"order_id": order["order_id"], "detail": reservation.detail}
        events.record(session, "stock.refused", order["order_id"], payload)


def confirm(session, event):
    reservations.confirm(session, event.data["order_id"])


def release(session, event):
    reservations.release(session, event.data["order_id"])


REACTIONS = {
    "order.created": reserve,
    "order.confirmed": confirm,
    "order.rejected": release,
    "order.cancelled": release,
}
