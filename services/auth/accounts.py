"""Accounts: who may log in, and what each may do."""

import os
from contextlib import suppress
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy.exc import IntegrityError

from services.auth.tables import Account

# OWASP's minimum for Argon2id: 19 MiB and two passes, some 25 ms of work a guess.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

CUSTOMER = "orders:read orders:write users:read users:write notifications:read"
ADMIN = (
    f"{CUSTOMER} products:write stock:write payments:read users:admin keys:rotate tokens:introspect"
)
SEEDED = {"alice": CUSTOMER, "bob": CUSTOMER, "admin": ADMIN}


class Accounts:
    def __init__(self, database):
        self.database = database

    def seed(self, password):
        """Create the course's accounts, or give them this run's *password*."""
        for username, scope in SEEDED.items():
            account = Account(username=username, password_hash=hasher.hash(password), scope=scope)
            # Another instance may be seeding the same accounts at this moment.
            with suppress(IntegrityError), self.database.transaction() as session:
                session.merge(account)

    def authenticate(self, username, password):
        """The account, or None: for an unknown name after as much work as for a wrong password."""
        with self.database.reading() as session:
            account = session.get(Account, username)
        try:
            hasher.verify(account.password_hash if account else hash_of_nobody(), password)
        except VerifyMismatchError:
            return None
        return account


@cache
def hash_of_nobody():
    """The hash of a password that nobody has."""
    return hasher.hash(os.urandom(32))
