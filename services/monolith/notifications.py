"""Notifications: the messages that tell customers how their orders ended."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import select

from services.chassis.identity import identity, require_scope
from services.monolith.application import app
from services.monolith.schemas import NotificationFilter, NotificationList
from services.monolith.tables import Notification, database

TEXTS = {
    "CONFIRMED": "Merci ! Votre commande est confirmée.",
    "REJECTED": "Votre commande n’a pas pu aboutir, et rien n’a été débité.",
}


@app.get("/notifications", responses={200: NotificationList})
@require_scope("orders:read")
def list_notifications(query: NotificationFilter):
    """Mes messages, du premier au dernier."""
    with database.reading() as session:
        return {"notifications": of_recipient(session, identity().sub, query.order_id)}


def of_recipient(session, recipient, order_id=None):
    mine = select(Notification).where(Notification.recipient == recipient)
    if order_id:
        mine = mine.where(Notification.order_id == order_id)
    sent = session.scalars(mine.order_by(Notification.sent_at).limit(1_000))
    return [notification.as_dict() for notification in sent]


def notify(session, order):
    """Store the customer's message, in the transaction of the order."""
    session.add(
        Notification(
            id=str(uuid4()),
            order_id=order.id,
            kind=f"order.{order.status.lower()}",
            recipient=order.user_id,
            text=TEXTS[order.status],
            sent_at=datetime.now(UTC).isoformat(),
        )
    )
