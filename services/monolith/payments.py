"""Payments: cards are charged here. The card itself is kept nowhere."""

from services.monolith.refusal import Refusal
from services.monolith.tables import Charge

DECLINED_CARDS = {"tok_declined"}


def charge(session, order, card):
    """Charge the order's total, or raise Refusal."""
    if card in DECLINED_CARDS:
        raise Refusal("payment", "Le paiement a été refusé : rien n’a été débité.")
    session.add(Charge(order_id=order.id, amount_cents=order.total_cents))


def of_order(session, order_id):
    """The order's charge, or None. Nothing is ever given back: what failed was never taken."""
    found = session.get(Charge, order_id)
    return found and {**found.as_dict(), "refunded_cents": 0}
