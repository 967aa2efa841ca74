"""Signing keys: the newest signs; a retired one verifies until its last token has expired.

Two instances share the ring through the database. When both make key 1, or both rotate, the primary
key lets one succeed, and the other uses its key.
"""

import time
import uuid

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from services.auth.tables import SigningKey

LEEWAY = 60  # seconds: clocks differ, and a token may be signed while its key retires


class KeyRing:
    """RSA keys in *database*; a retired one is published for *token_lifetime* seconds more."""

    def __init__(self, database, token_lifetime, clock=time.time):
        self.database = database
        self.token_lifetime = int(token_lifetime)
        self.overlap = self.token_lifetime + LEEWAY
        self.clock = clock

    def open(self):
        """Make the first key, unless there is one."""
        if self._newest_number() == 0:
            self._add(1)

    def rotate(self):
        """A new key signs from now on. Returns its key id."""
        self._add(self._newest_number() + 1)
        return self.current()[0]

    def current(self):
        """(key id, private key as PEM) of the key that signs."""
        with self.database.reading() as session:
            key = session.scalars(select(SigningKey).where(SigningKey.retired_at.is_(None))).one()
            return key.kid, key.private_pem

    def public(self):
        """The public keys under which a token can still be valid, newest first (RFC 7517)."""
        still_needed = SigningKey.retired_at.is_(None) | (
            SigningKey.retired_at > self.clock() - self.overlap
        )
        with self.database.reading() as session:
            query = select(SigningKey.public_jwk).where(still_needed)
            return list(session.scalars(query.order_by(SigningKey.number.desc())))

    def _newest_number(self):
        with self.database.reading() as session:
            return session.scalar(select(func.max(SigningKey.number))) or 0

    def _add(self, number):
        kid, private_pem, public_jwk = generate()
        now = self.clock()
        signing = SigningKey.retired_at.is_(None)
        outlived = SigningKey.retired_at < now - self.overlap
        try:
            with self.database.transaction() as session:
                session.execute(delete(SigningKey).where(outlived))
                session.execute(
                    update(SigningKey).where(signing).values(retired_at=now, private_pem=None)
                )
                session.add(
                    SigningKey(
                        number=number, kid=kid, public_jwk=public_jwk, private_pem=private_pem
                    )
                )
        except IntegrityError:
            return  # the other instance was faster: its key serves


def generate():
    """A fresh RSA key: its id, its private part as PEM, its public part as a JWK."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private_pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    kid = uuid.uuid4().hex
    public_jwk = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return kid, private_pem.decode(), {**public_jwk, "kid": kid, "use": "sig", "alg": "RS256"}
