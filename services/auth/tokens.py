"""Access tokens (RFC 7519): signed with RS256, checked by whoever has the public keys."""

import time
import uuid

import jwt

from services.chassis import Problem, settings
from services.chassis.identity import verify

AUDIENCE = ["auth", "gateway", "users", "products", "inventory", "orders", "payments"]
AUDIENCE += ["notifications"]


class Tokens:
    """Tokens signed with the current key of *keys*, good for the ring's token lifetime."""

    def __init__(self, keys, clock=time.time):
        self.keys = keys
        self.clock = clock

    def issue(self, account):
        """A token that says who its bearer is, for which services, and what they may ask."""
        kid, private_key = self.keys.current()
        now = int(self.clock())
        claims = {
            "iss": settings.token_issuer(),
            "aud": AUDIENCE,
            "sub": account.username,
            "scope": account.scope,
            "iat": now,
            "nbf": now,
            "exp": now + self.keys.token_lifetime,
            "jti": uuid.uuid4().hex,
        }
        return jwt.encode(claims, private_key, algorithm="RS256", headers={"kid": kid})

    def introspect(self, token):
        """Its claims and `active`: true; for any other text nothing but `active`: false."""
        try:
            return {**verify(token).claims, "active": True}
        except Problem:
            return {"active": False}
