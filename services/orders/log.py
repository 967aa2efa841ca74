"""The saga's log: what was asked, what was answered, in order, never changed afterwards."""

from datetime import UTC, datetime

from sqlalchemy import select

from services.chassis import settings
from services.orders.models import LogEntry


def write(session, order_id, command, outcome, detail=None):
    session.add(
        LogEntry(
            order_id=order_id,
            position=len(entries(session, order_id)) + 1,
            command=command,
            outcome=outcome,
            detail=detail,
            at=datetime.now(UTC).isoformat(),
            by=settings.instance(),
        )
    )


def entries(session, order_id):
    of_order = select(LogEntry).where(LogEntry.order_id == order_id)
    return session.scalars(of_order.order_by(LogEntry.position)).all()


def history(session, order_id):
    """The log as (command, outcome) pairs."""
    return [(entry.command, entry.outcome) for entry in entries(session, order_id)]


def refusal(session, order_id):
    """Why a participant refused, in its own words; None when none did."""
    refused = (entry.detail for entry in entries(session, order_id) if entry.outcome == "refused")
    return next(refused, None)
