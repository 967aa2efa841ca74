"""Choreography: the same flow without a conductor (SAGA=choreography).

    order.created → inventory: stock.reserved → payments: payment.processed → orders: confirmed
                    inventory: stock.refused    payments: payment.failed    → orders: rejected

Each service reacts to events and knows its own part only; the flow is written nowhere, and the
saga's log holds the events that orders consumed. Nobody answers while the client waits: POST
answers 202. The participants' operations are those that the orchestrated saga calls.
Change SAGA with no order pending: the services must agree on who moves an order on.
"""

from services.chassis.calls import Unavailable, service
from services.orders import runners
from services.orders.endings import conclude
from services.orders.flow import Flow
from services.orders.models import Saga, database, events
from services.orders.saga_log import SagaLog

ENDINGS = {
    "payment.processed": ("CONFIRMED", None),
    "payment.failed": ("REJECTED", "payment"),
    "stock.refused": ("REJECTED", "stock"),
}


class Choreography(Flow):
    """Orders reacts to events, and cancels when time is up; saga.py is the other way."""

    mandatory = True

    def __init__(self):
        events.consume(REACTIONS, queue="choreography", ordered=True)

    def prepare(self, order_id, total_cents, card):
        """Store the card at payments before the order exists: no event may carry it.

        Returns the card to keep with the order: none. Raises Unavailable while payments is out.
        The card of an order that a crash prevents is never charged, and soon deleted.
        """
        intent = {"amount_cents": total_cents, "card": card}
        key = f"{order_id}:intent"
        path = f"/intents/{order_id}"
        response = service("payments").put(path, json=intent, timeout=1.0, idempotency_key=key)
        if not response.ok:
            raise Unavailable("payments", "payments n’a pas pris la carte.")

    def begin(self, session, order_id):
        """Open the saga, whose age says when an unfinished order is to be cancelled."""
        runners.grant(session, order_id)

    def run(self, order_id):
        """Cancel the order if its time is up; the other services then undo their part."""
        with database.transaction() as session:
            saga = runners.take(session, order_id)
            if saga is None:
                return
            if left := runners.time_left(saga):
                runners.put_down(saga, min(left, runners.LONGEST_PAUSE))
                return
            SagaLog(session, order_id).write("saga", "timed out")
            conclude(session, order_id, "CANCELLED", "timeout")


def end(session, event):
    """Log the event, and end the order as it says; one already cancelled stays so."""
    order_id, detail = event.data["order_id"], event.data.get("detail")
    session.get(Saga, order_id, with_for_update=True)
    SagaLog(session, order_id).write(event.routing_key, "heard", detail)
    conclude(session, order_id, *ENDINGS[event.routing_key], detail)


REACTIONS = dict.fromkeys(ENDINGS, end)
