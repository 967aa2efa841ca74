"""Endings: an order goes from PENDING to CONFIRMED, REJECTED or CANCELLED; an event reports it."""

from services.orders.models import Order, Saga, events

EXPLANATIONS = {
    "stock": "Il n’y a plus assez de stock : rien n’a été débité.",
    "payment": "Le paiement a été refusé : rien n’a été débité, et rien n’est réservé.",
    "timeout": "Un service n’a pas répondu à temps : commande annulée, tout débit est rendu.",
}


def conclude(session, order_id, status, reason=None, detail=None):
    """End a pending order and its saga; an order that has ended stays as it is."""
    order = session.get(Order, order_id, with_for_update=True)
    if order.status != "PENDING":
        return
    order.status, order.reason, order.card = status, reason, None
    order.detail = detail or EXPLANATIONS.get(reason)
    saga = session.get(Saga, order_id)
    saga.finished, saga.holder = True, None
    events.record(session, f"order.{status.lower()}", order_id, payload(order))


def payload(order):
    """What the events about an order carry: never the card."""
    return {
        "order_id": order.id,
        "user_id": order.user_id,
        "status": order.status,
        "reason": order.reason,
        "total_cents": order.total_cents,
        "items": order.items,
    }
