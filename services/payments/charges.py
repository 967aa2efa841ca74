"""Charges and refunds: money moves once for an order, however often it is asked for.

The order is the idempotency key. A refusal is remembered like a success: asked again, the same
answer. A refund that comes before its charge leaves a tombstone, and the charge, when it comes
at last, takes nothing: so whoever does not know whether a charge went through may refund it.

Each function works in the caller's transaction. The card is neither stored, logged nor published.
"""

from flask import abort

from services.chassis import settings
from services.payments.models import Movement, Payment, database

DECLINED_CARDS = {"tok_declined"}


def charge(session, events, order_id, amount_cents, card):
    """Take `amount_cents` from the card, or refuse.

    Returns the payment and whether it is new. Its state says what came of it: CHARGED, DECLINED,
    or REFUNDED or VOID when a refund came first. Aborts with 422 when the same order asks for
    another amount.
    """
    payment = database.claim(session, Payment, order_id=order_id)
    if payment.state != "NEW":
        if payment.state != "VOID" and payment.amount_cents != amount_cents:
            abort(422, "Cette commande a déjà un paiement, d’un autre montant.")
        return payment, False

    payment.amount_cents = amount_cents
    payment.state = "DECLINED" if card in DECLINED_CARDS else "CHARGED"
    if payment.state == "CHARGED":
        session.add(Movement(order_id=order_id, kind="charge", amount_cents=amount_cents))
    outcome = "payment.processed" if payment.state == "CHARGED" else "payment.failed"
    tell(session, events, outcome, payment, mandatory=choreographed())
    return payment, True


def refund(session, events, order_id):
    """Give back what was taken, if anything was; whatever comes later takes nothing."""
    payment = database.claim(session, Payment, order_id=order_id)
    if payment.state == "NEW":
        payment.state = "VOID"
    elif payment.state == "CHARGED":
        payment.state = "REFUNDED"
        given_back = payment.amount_cents
        session.add(Movement(order_id=order_id, kind="refund", amount_cents=given_back))
        tell(session, events, "payment.refunded", payment)
    return payment


def choreographed():
    """Whether the shop is choreographed, and then somebody must hear what happened here."""
    return settings.setting("SAGA", "orchestration") == "choreography"


def tell(session, events, routing_key, payment, mandatory=False):
    data = {"order_id": payment.order_id, "amount_cents": payment.amount_cents}
    events.record(session, routing_key, payment.order_id, data, mandatory=mandatory)
