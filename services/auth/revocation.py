"""Revocation (RFC 7009): tokens ended before their time, remembered until they would have expired.

Only auth knows: a service that checks tokens by the public keys alone goes on accepting them.
"""

import time

from sqlalchemy import delete

from services.auth.tables import RevokedToken


class Revocations:
    """The revoked tokens in *database*, by their `jti`; two instances share them."""

    def __init__(self, database, clock=time.time):
        self.database = database
        self.clock = clock

    def add(self, claims):
        """Revoke the token of these claims; doing it twice is doing it once."""
        expired = RevokedToken.expires_at < self.clock()
        with self.database.transaction() as session:
            session.execute(delete(RevokedToken).where(expired))
            session.merge(RevokedToken(jti=claims["jti"], expires_at=claims["exp"]))

    def hold(self, claims):
        """Whether the token of these claims has been revoked."""
        with self.database.reading() as session:
            return session.get(RevokedToken, claims["jti"]) is not None
