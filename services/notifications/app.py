"""Notifications sends customers a message when their order has ended.

    GET /notifications?order_id=   the messages sent to me, for one order or for all of them

It consumes events and calls no other service: while it is out, orders go on, and the messages are
sent when it is back. An event that cannot be handled ends in the queue notifications.orders.dead.
"""

from sqlalchemy import select

from services.chassis import create_service
from services.chassis.identity import identity, require_scope
from services.notifications.messages import REACTIONS
from services.notifications.models import Notification, database, events
from services.notifications.schemas import Filter, NotificationList

app = create_service("notifications", openapi=True)
events.consume(REACTIONS, queue="orders")


@app.get("/notifications", responses={200: NotificationList})
@require_scope("orders:read")
def list_notifications(query: Filter):
    """Mes messages, du premier au dernier."""
    mine = select(Notification).where(Notification.recipient == identity().sub)
    if query.order_id:
        mine = mine.where(Notification.order_id == query.order_id)
    with database.reading() as session:
        sent = session.scalars(mine.order_by(Notification.sent_at).limit(1_000))
        return {"notifications": [notification.as_dict() for notification in sent]}
