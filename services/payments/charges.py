"""Charges and refunds: money moves once for an order, however often it is asked for.

The order is the idempotency key. A refusal is remembered like a success: asked again, the same
answer. A refund that comes before its charge leaves a tombstone, and the charge, when it comes
at last, takes nothing: so whoever does not know whether a charge went through may refund it.

Each function works in the caller's transaction. The card is neither stored, logged nor published.
"""

from services.chassis import settings
from services.payments.models import Movement, Payment, database, events

DECLINED_CARDS = {"tok_declined"}


class OtherAmount(Exception):
    """The order has a payment already, of another amount."""


def charge(session, order_id, amount_cents, card):
    """Take `amount_cents` from the card, or refuse.

    Returns the payment and whether it is new. Its state says what came of it: CHARGED, DECLINED,
    or REFUNDED or VOID when a refund came first. Raises OtherAmount when the same order asks for
    another amount.
    """
    payment = database.claim(session, Payment, order_id=order_id)
    if payment.state != "NEW":
        if payment.state != "VOID" and payment.amount_cents != amount_cents:
            raise OtherAmount("Cette commande a déjà un paiement, d’un autre montant.")
        return payment, False

    payment.amount_cents = amount_cents
    payment.state = "DECLINED" if card in DECLINED_CARDS else "CHARGED"
    if payment.state == "CHARGED":
        session.add(Movement(order_id=order_id, kind="charge", amount_cents=amount_cents))
    outcome = "payment.processed" if payment.state == "CHARGED" else "payment.failed"
    # In the choreographed shop, orders must consume it.
    mandatory = settings.choreographed()
    events.record(session, outcome, order_id, payment.payload(), mandatory=mandatory)
    return payment, True


def refund(session, order_id):
    """Give back what was taken, if anything was; whatever comes later takes nothing."""
    payment = database.claim(session, Payment, order_id=order_id)
    if payment.state == "NEW":
        payment.state = "VOID"
    elif payment.state == "CHARGED":
        payment.state = "REFUNDED"
        given_back = payment.amount_cents
        session.add(Movement(order_id=order_id, kind="refund", amount_cents=given_back))
        payload = payment.payload()
        events.record(session, "payment.refunded", order_id, payload, mandatory=False)
    return payment
