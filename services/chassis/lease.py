"""Lease: of several instances on one database, one holds a role, for a short while at a time.

A lock that expires: whoever dies with it delays the others by LEASE_SECONDS, no more. A holder
that was only asleep wakes up without it, and must ask `held()` before each thing it does; what it
was in the middle of can still happen twice, so a lease orders work, it does not make it unique.
Source: Gray and Cheriton, "Leases" (1989); Kleppmann, "How to do distributed locking".
"""

import time

from sqlalchemy import Float, String, or_, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis import settings

LEASE_SECONDS = 3.0


class Base(DeclarativeBase):
    pass


class Held(Base):
    """Who holds a role, until when (epoch seconds)."""

    __tablename__ = "lease"

    role: Mapped[str] = mapped_column(String(100), primary_key=True)
    holder: Mapped[str] = mapped_column(String(200))
    until: Mapped[float] = mapped_column(Float)


class Lease:
    """The lease of one role, for this instance. An instance that restarts takes its own back."""

    def __init__(self, database, role):
        self.database, self.role = database, role
        self._until = 0.0

    def take(self):
        """Take or renew it if it is free or ours; whether it is ours now."""
        if self._until - time.time() > LEASE_SECONDS / 2:
            return True
        until = time.time() + LEASE_SECONDS
        self._until = until if self._claim(until) else 0.0
        return self.held()

    def held(self):
        """Whether it has not run out."""
        return time.time() < self._until

    def _claim(self, until):
        free = or_(Held.holder == settings.instance(), Held.until < time.time())
        values = {"holder": settings.instance(), "until": until}
        with self.database.transaction() as session:
            self.database.insert_once(session, Held, role=self.role, **values)
            claim = update(Held).where(Held.role == self.role, free).values(values)
            return session.execute(claim).rowcount == 1
