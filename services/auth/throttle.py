"""Log-in throttle: a few tries a minute per account, whoever tries and through whichever instance.

An attempt is counted before the password is looked at, so that simultaneous guesses count too.
"""

import time

from sqlalchemy import delete, func, select

from services.auth.tables import LoginAttempt


class Throttle:
    """At most *limit* attempts in any *window* seconds for one user name, known or not."""

    def __init__(self, database, limit=10, window=60, clock=time.time):
        self.database = database
        self.limit = limit
        self.window = window
        self.clock = clock

    def attempt(self, username):
        """Count one try. Returns 0, or the seconds to wait before the next."""
        now = self.clock()
        with self.database.transaction() as session:
            session.execute(delete(LoginAttempt).where(LoginAttempt.at <= now - self.window))
            attempt = LoginAttempt(username=username, at=now)
            session.add(attempt)
            session.flush()
            number = attempt.id
        # A second transaction sees the earlier attempts, those through another instance too.
        with self.database.transaction() as session:
            mine = LoginAttempt.username == username
            rank, oldest = session.execute(
                select(func.count(), func.min(LoginAttempt.at)).where(
                    mine, LoginAttempt.id <= number
                )
            ).one()
            if rank <= self.limit:
                return 0
            session.execute(delete(LoginAttempt).where(LoginAttempt.id == number))
            return oldest + self.window - now

    def forget(self, username):
        """The right password clears the account's count."""
        with self.database.transaction() as session:
            session.execute(delete(LoginAttempt).where(LoginAttempt.username == username))
