"""The saga's log: what was asked, what was answered, in order, never changed afterwards."""

from datetime import UTC, datetime

from sqlalchemy import select

from services.chassis import settings
from services.orders.models import LogEntry


class SagaLog:
    """The log of one order within one transaction: read once, then added to."""

    def __init__(self, session, order_id):
        self.session, self.order_id = session, order_id
        of_order = select(LogEntry).where(LogEntry.order_id == order_id)
        self.entries = list(session.scalars(of_order.order_by(LogEntry.position)))

    def write(self, command, outcome, detail=None):
        entry = LogEntry(
            order_id=self.order_id,
            position=len(self.entries) + 1,
            command=command,
            outcome=outcome,
            detail=detail,
            at=datetime.now(UTC).isoformat(),
            by=settings.instance(),
        )
        self.session.add(entry)
        self.entries.append(entry)

    @property
    def history(self):
        """The log as (command, outcome) pairs."""
        return [(entry.command, entry.outcome) for entry in self.entries]

    @property
    def refusal(self):
        """Why a participant refused, in its own words; None when none did."""
        return next((entry.detail for entry in self.entries if entry.outcome == "refused"), None)
