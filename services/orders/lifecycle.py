"""An order's life: PENDING, then CONFIRMED, REJECTED or CANCELLED, each change told in an event."""

from flask import abort

from services.orders.models import Order, Saga, database

STATUS_CODES = {"CONFIRMED": 201, "PENDING": 202, "CANCELLED": 503}
REFUSAL_CODES = {"stock": 409, "payment": 402}
EXPLANATIONS = {
    "stock": "Il n’y a plus assez de stock\u00a0: rien n’a été débité.",
    "payment": "Le paiement a été refusé\u00a0: rien n’a été débité, et rien n’est réservé.",
    "timeout": "Un service n’a pas répondu à temps\u00a0: commande annulée, tout débit est rendu.",
}


def conclude(session, events, order_id, status, reason=None, detail=None):
    """End a pending order and its saga; an order that has ended stays as it is."""
    order = session.get(Order, order_id, with_for_update=True)
    if order.status != "PENDING":
        return
    order.status, order.reason, order.card = status, reason, None
    order.detail = detail or EXPLANATIONS.get(reason)
    saga = session.get(Saga, order_id)
    saga.finished, saga.holder = True, None
    events.record(session, f"order.{status.lower()}", order_id, announce(order))


def outcome(order_id):
    """What the client hears: the status code, and the order."""
    with database.reading() as session:
        order = session.get(Order, order_id)
    return REFUSAL_CODES.get(order.reason) or STATUS_CODES[order.status], order.as_dict()


def find(session, user_id, order_id):
    """An order of that user; another's is as unknown as one that never was (404)."""
    order = session.get(Order, order_id)
    if order is None or order.user_id != user_id:
        abort(404, "Vous n’avez pas de commande de ce numéro.")
    return order


def announce(order):
    """What every subscriber may know of an order: never the card."""
    return {
        "order_id": order.id,
        "user_id": order.user_id,
        "status": order.status,
        "reason": order.reason,
        "total_cents": order.total_cents,
        "items": order.items,
    }
