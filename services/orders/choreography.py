"""Choreography: the same flow without a conductor (SAGA=choreography).

    order.created → inventory: stock.reserved → payments: payment.processed → orders: confirmed
                    inventory: stock.refused    payments: payment.failed    → orders: rejected

Each service reacts to events and knows its own part only; the flow is written nowhere, and the
log kept here is what orders hears of it. Nobody answers while the client waits: POST says 202.
The participants' operations are the ones that the orchestrated saga calls, just as idempotent.
Change SAGA with no order pending: the services must agree on who moves an order on.
"""

import time

from services.chassis.calls import Unavailable, service
from services.orders import lease
from services.orders.lifecycle import conclude
from services.orders.log import Log
from services.orders.models import Saga, database

ENDINGS = {
    "payment.processed": ("CONFIRMED", None),
    "payment.failed": ("REJECTED", "payment"),
    "stock.refused": ("REJECTED", "stock"),
}


class Choreography:
    """Orders reacts, and cancels when time is up; saga.py is the other way."""

    needs_hearing = True

    def __init__(self, events):
        self.events = events
        events.on(*ENDINGS, queue="choreography", ordered=True)(self.hear)

    def prepare(self, order_id, total_cents, card):
        """Lay the card down at payments, before the order exists: no event may carry it.

        Returns the card to keep with the order: none. Raises Unavailable while payments is out.
        A card laid down for an order that a crash prevents is never charged, and soon forgotten.
        """
        intent = {"amount_cents": total_cents, "card": card}
        key = f"{order_id}:intent"
        path = f"/intents/{order_id}"
        response = service("payments").put(path, json=intent, timeout=1.0, idempotency_key=key)
        if not response.ok:
            raise Unavailable("payments", "payments n’a pas pris la carte.")

    def begin(self, session, order_id):
        """Open the log, and set the hour at which an unfinished order is cancelled."""
        lease.grant(session, order_id, lease.timeout())

    def run(self, order_id):
        """Nobody carries the order; if its time is up, cancel it, and everybody undoes its part."""
        with database.transaction() as session:
            saga = session.get(Saga, order_id, with_for_update=True)
            if not saga.finished and time.time() > saga.expires_at:
                Log(session, order_id).write("saga", "timed out")
                conclude(session, self.events, order_id, "CANCELLED", "timeout")

    def hear(self, session, event):
        """What another service said of an order; too late for a cancelled one, but written down."""
        order_id, detail = event.data["order_id"], event.data.get("detail")
        session.get(Saga, order_id, with_for_update=True)
        Log(session, order_id).write(event.routing_key, "heard", detail)
        conclude(session, self.events, order_id, *ENDINGS[event.routing_key], detail)
