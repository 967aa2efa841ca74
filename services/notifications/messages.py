"""Messages: what is sent to a customer when an order has ended, once for each event."""

from datetime import UTC, datetime
from uuid import uuid4

from services.chassis import crash_point
from services.notifications.models import Notification, events

TEXTS = {
    "CONFIRMED": "Merci ! Votre commande est confirmée : {total} €.",
    "REJECTED": "Votre commande n’a pas pu aboutir, et rien n’a été débité.",
    "CANCELLED": "Nous avons dû annuler votre commande. Tout débit est rendu. Pardon !",
}


def send(session, event):
    """Send the message, here by storing it; the inbox makes sure that it is sent once."""
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
    payload = {"order_id": notification.order_id, "kind": notification.kind}
    events.record(session, "email.sent", notification.order_id, payload, mandatory=False)
    crash_point("before_send_commit")


def in_euros(cents):
    return f"{cents // 100},{cents % 100:02d}"


REACTIONS = {"order.confirmed": send, "order.rejected": send, "order.cancelled": send}
