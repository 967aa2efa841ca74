"""Saga: an order across three databases, without a distributed transaction.

    reserve (inventory)   →   charge (payments)   →   confirm (inventory)
    undone by release         the pivot               sent until it is done

What to do next is a function of the log alone (`next_command`), and a command is in the log before
it is sent: whoever takes the saga over after a crash knows what may have happened. While the saga
runs, the order is PENDING and its articles are set aside: a semantic lock, so that no other order
sells them. Sources: Garcia-Molina and Salem, "Sagas" (1987); microservices.io, "Saga".
"""

import logging
import time

from services.chassis import crash_point, settings
from services.chassis.calls import Unavailable
from services.orders import lease
from services.orders.commands import send
from services.orders.lifecycle import conclude
from services.orders.log import Log
from services.orders.models import Order, database

logger = logging.getLogger(__name__)

FORWARD = ("reserve", "charge", "confirm")
UNDONE_BY = {"reserve": "release", "charge": "refund"}
PIVOT = "charge"


def next_command(history):
    """The command to send now; None when there is nothing left to do.

    history: the log as (command, outcome) pairs. After a refusal or a time-out, every command that
    was sent and not refused is undone, the last one first, whether its answer came or not.
    """
    if not doomed(history):
        return next((name for name in FORWARD if (name, "done") not in history), None)
    sent = [name for name, outcome in history if outcome == "started"]
    kept = [name for name in sent if name in UNDONE_BY and (name, "refused") not in history]
    to_undo = (UNDONE_BY[name] for name in reversed(kept))
    return next((name for name in to_undo if (name, "done") not in history), None)


def doomed(history):
    return any(outcome in {"refused", "timed out"} for _, outcome in history)


def verdict(history):
    """How the order ends: (status, reason)."""
    if ("saga", "timed out") in history:
        return "CANCELLED", "timeout"
    refused = {("reserve", "refused"): "stock", ("charge", "refused"): "payment"}
    reason = next((why for entry, why in refused.items() if entry in history), None)
    return ("REJECTED", reason) if reason else ("CONFIRMED", None)


class Orchestration:
    """Orders tells each service what to do; choreography.py is the other way."""

    needs_hearing = False

    def __init__(self, events):
        self.events = events

    def prepare(self, order_id, total_cents, card):
        """Returns the card to keep with the order until payments has charged it."""
        return card

    def begin(self, session, order_id):
        """Open the saga, in the transaction that creates the order."""
        lease.grant(session, order_id, lease.LEASE, holder=settings.instance())
        Log(session, order_id).write(FORWARD[0], "started")

    def run(self, order_id):
        """Carry the order as far as it goes now; when a participant is out, leave it for later.

        Does nothing while another runner has it.
        """
        fence, order, command = self.resume(order_id)
        try:
            self.carry(fence, order, command)
        except Unavailable as outage:
            why = outage.description
            logger.warning("La commande attend\u00a0: %s", why, extra={"order_id": order_id})
            lease.rest(order_id, fence)
        except lease.LeaseLost as overtaken:
            logger.warning(
                "La saga est à un autre\u00a0: %s", overtaken, extra={"order_id": order_id}
            )

    def carry(self, fence, order, command):
        while command:
            crash_point(f"before_{command}")
            outcome, detail = send(command, order)
            crash_point(f"after_{command}")
            answered = command
            command = self.record(order.id, fence, command, outcome, detail)
            crash_point(f"logged_{answered}")

    def resume(self, order_id):
        """Take the saga and see in its log what comes next: (fence, order, command).

        Time is up for an order that has not been paid for by now.
        """
        with database.transaction() as session:
            saga = lease.take(session, order_id)
            if saga is None:
                return None, None, None
            log = Log(session, order_id)
            in_the_balance = (PIVOT, "done") not in log.history and not doomed(log.history)
            if in_the_balance and time.time() > saga.expires_at:
                log.write("saga", "timed out")
            return saga.fence, session.get(Order, order_id), self.proceed(session, log)

    def record(self, order_id, fence, command, outcome, detail):
        """Log an answer and, in the same transaction, the command that follows, or the end."""
        with database.transaction() as session:
            saga = lease.hold(session, order_id, fence)
            saga.attempts = 0
            log = Log(session, order_id)
            log.write(command, outcome, detail)
            return self.proceed(session, log)

    def proceed(self, session, log):
        """The command that comes next, in the log before it is sent; None: the order has ended."""
        command = next_command(log.history)
        if command is None:
            conclude(session, self.events, log.order_id, *verdict(log.history), log.refusal)
        elif (command, "started") not in log.history:
            log.write(command, "started")
        return command
