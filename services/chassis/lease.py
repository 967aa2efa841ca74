"""Lease: of several instances on one database, one holds a role, for a short while at a time.

A lock that expires: a holder that dies delays the others by LEASE_SECONDS, no more. A paused holder
resumes without it, and must ask `held()` before each thing it does; what it was in the middle of
can still happen twice, so a lease puts work in order, it does not make it unique.

No time is written down: the holder counts its renewals (`beat`), and another takes the lease once
it has seen the same number for LEASE_SECONDS by its own clock. The holder's own LEASE_SECONDS run
from before it renewed, so they end first, whatever becomes of the wall clock.
Source: Gray and Cheriton, "Leases" (1989); Kleppmann, "How to do distributed locking".
"""

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis import clock, settings

LEASE_SECONDS = 3.0


class Base(DeclarativeBase):
    pass


class Held(Base):
    """Who holds a role, and how often it has been taken or renewed."""

    __tablename__ = "lease"

    role: Mapped[str] = mapped_column(String(100), primary_key=True)
    holder: Mapped[str | None] = mapped_column(String(200))
    beat: Mapped[int] = mapped_column(default=0)


class Lease:
    """The lease of one role, for this instance. An instance that restarts takes its own back."""

    def __init__(self, database, role, now=clock.now):
        self.database, self.role, self._now = database, role, now
        self._others = clock.Unchanged(now)
        self._until = float("-inf")

    def take(self):
        """Take or renew it if it is free or ours; whether it is ours now."""
        if self._until - self._now() > LEASE_SECONDS / 2:
            return True
        until = self._now() + LEASE_SECONDS
        self._until = until if self._claim() else float("-inf")
        return self.held()

    def held(self):
        """Whether it has not run out."""
        return self._now() < self._until

    def _claim(self):
        with self.database.transaction() as session:
            row = self.database.claim(session, Held, role=self.role)
            free = row.holder in (None, settings.instance()) or self._is_silent(row)
            if free:
                row.holder, row.beat = settings.instance(), row.beat + 1
            return free

    def _is_silent(self, row):
        """Whether its holder has not renewed it for LEASE_SECONDS that we have watched."""
        return self._others.seconds(self.role, (row.holder, row.beat)) > LEASE_SECONDS
