"""Saga: an order across three databases, without a distributed transaction.

    reserve (inventory)   →   charge (payments)   →   confirm (inventory)
    undone by release         the pivot               sent until it is done

What to do next is a function of the log alone (`next_command`), and a command is in the log before
it is sent: whoever takes the saga over after a crash knows what may have happened. While the saga
runs, the order is PENDING and its articles are set aside: a semantic lock, so that no other order
sells them. Sources: Garcia-Molina and Salem, "Sagas" (1987); microservices.io, "Saga".
"""

import logging

from services.chassis import crash_point
from services.chassis.calls import Unavailable
from services.orders import runners
from services.orders.commands import send
from services.orders.endings import conclude
from services.orders.flow import Flow
from services.orders.models import Order, database
from services.orders.saga_log import SagaLog

log = logging.getLogger(__name__)

FORWARD = ("reserve", "charge", "confirm")
UNDONE_BY = {"reserve": "release", "charge": "refund"}
PIVOT = "charge"


def next_command(history):
    """The command to send now; None when there is nothing left to do.

    history: the log as (command, outcome) pairs. After a refusal or a time-out, every command that
    was sent and not refused is undone, the last one first, whether its answer came or not.
    """
    if not must_undo(history):
        return next((name for name in FORWARD if (name, "done") not in history), None)
    sent = [name for name, outcome in history if outcome == "started"]
    kept = [name for name in sent if name in UNDONE_BY and (name, "refused") not in history]
    to_undo = (UNDONE_BY[name] for name in reversed(kept))
    return next((name for name in to_undo if (name, "done") not in history), None)


def must_undo(history):
    """Whether a participant refused, or time was up."""
    return any(outcome in {"refused", "timed out"} for _, outcome in history)


def is_unpaid(history):
    return (PIVOT, "done") not in history and not must_undo(history)


def verdict(history):
    """How the order ends: (status, reason)."""
    if ("saga", "timed out") in history:
        return "CANCELLED", "timeout"
    refused = {("reserve", "refused"): "stock", ("charge", "refused"): "payment"}
    reason = next((why for entry, why in refused.items() if entry in history), None)
    return ("REJECTED", reason) if reason else ("CONFIRMED", None)


class Orchestration(Flow):
    """Orders sends each service its commands; choreography.py is the other way."""

    mandatory = False

    def prepare(self, order_id, total_cents, card):
        """Returns the card to keep with the order until payments has charged it."""
        return card

    def begin(self, session, order_id):
        """Open the saga, in the transaction that creates the order."""
        runners.grant(session, order_id)
        SagaLog(session, order_id).write(FORWARD[0], "started")

    def run(self, order_id):
        """Advance the order as far as it goes now; when a participant is out, leave it for later.

        Does nothing while another runner holds it.
        """
        taken = self.resume(order_id)
        if taken is None:
            return
        fence, order, command = taken
        try:
            self.advance(fence, order, command)
        except Unavailable as outage:
            why = outage.description
            log.warning("La commande attend : %s", why, extra={"order_id": order_id})
            runners.rest(order_id, fence)
        except runners.LeaseLost as overtaken:
            log.warning("La saga est à un autre : %s", overtaken, extra={"order_id": order_id})

    def advance(self, fence, order, command):
        """Send the command and those that follow, until the order has ended."""
        while command:
            crash_point(f"before_{command}")
            outcome, detail = send(command, order)
            crash_point(f"after_{command}")
            answered = command
            command = self.record(order.id, fence, command, outcome, detail)
            crash_point(f"logged_{answered}")

    def resume(self, order_id):
        """Lease the saga and read in its log what comes next: (fence, order, command).

        None while another runner holds it. An order that is not paid for in time is cancelled.
        """
        with database.transaction() as session:
            saga = runners.take(session, order_id)
            if saga is None:
                return None
            saga_log = SagaLog(session, order_id)
            if is_unpaid(saga_log.history) and not runners.time_left(saga):
                saga_log.write("saga", "timed out")
            return saga.fence, session.get(Order, order_id), self.proceed(session, saga_log)

    def record(self, order_id, fence, command, outcome, detail):
        """Log an answer and, in the same transaction, the command that follows, or the end."""
        with database.transaction() as session:
            saga = runners.hold(session, order_id, fence)
            saga.attempts = 0
            saga_log = SagaLog(session, order_id)
            saga_log.write(command, outcome, detail)
            return self.proceed(session, saga_log)

    def proceed(self, session, saga_log):
        """The command that comes next, in the log before it is sent; None: the order has ended."""
        history = saga_log.history
        command = next_command(history)
        if command is None:
            conclude(session, saga_log.order_id, *verdict(history), saga_log.refusal)
        elif (command, "started") not in history:
            saga_log.write(command, "started")
        return command
