"""Notifications tells customers what became of their orders.

    GET /notifications?order_id=   the messages sent to me, for one order or for all of them

It is told by events and asks nobody anything: with it out, orders go on, and the messages go out
when it is back. An event that cannot be handled ends in the queue notifications.orders.dead.
"""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import select

from services.chassis import crash_point, create_service
from services.chassis.events import Events
from services.chassis.identity import identity, require_scope
from services.notifications.models import Notification, database
from services.notifications.schemas import Filter, NotificationList

TEXTS = {
    "CONFIRMED": "Merci\u202f! Votre commande est confirmée\u00a0: {total}\u00a0€.",
    "REJECTED": "Votre commande n’a pas pu aboutir, et rien n’a été débité.",
    "CANCELLED": "Nous avons dû annuler votre commande. Tout débit est rendu. Pardon\u202f!",
}

app = create_service("notifications", openapi=True)
events = Events(app, database)


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


@events.on("order.confirmed", "order.rejected", "order.cancelled", queue="orders")
def notify(session, event):
    """Send the message, here by writing it down; the inbox sees to it that it is sent once."""
    order = event.data
    notification = Notification(
        id=str(uuid4()),
        order_id=order["order_id"],
        kind=event.routing_key,
        recipient=order["user_id"],
        text=TEXTS[order["status"]].format(total=in_euros(order["total_cents"])),
        sent_at=datetime.now(UTC).isoformat(),
    )
    session.add(notification)
    told = {"order_id": notification.order_id, "kind": notification.kind}
    events.record(session, "email.sent", notification.order_id, told, mandatory=False)
    crash_point("before_send_commit")


def in_euros(cents):
    return f"{cents // 100},{cents % 100:02d}"
