"""Access tokens (RFC 7519): signed with RS256, checked by whoever has the public keys."""

import time
import uuid

import jwt

from services.chassis import Problem, settings
from services.chassis.identity import verify

AUDIENCE = ["auth", "gateway", "users", "products", "inventory", "orders", "payments"]
AUDIENCE += ["notifications"]


class Tokens:
    """Tokens signed with the current key of *keys*, good for its lifetime unless revoked."""

    def __init__(self, keys, revocations, clock=time.time):
        self.keys = keys
        self.revocations = revocations
        self.clock = clock

    def issue(self, account):
        """A token for the account: who (`sub`), for which services (`aud`), with which scopes."""
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
        """The claims of a valid token and `active`: true; for any other only `active`: false."""
        claims = claims_of(token)
        if claims is None or self.revocations.hold(claims):
            return {"active": False}
        return {**claims, "active": True}

    def revoke(self, token):
        """End the token before its time; one that is no good is left as it is."""
        claims = claims_of(token)
        if claims is not None:
            self.revocations.add(claims)


def claims_of(token):
    """What a token of ours claims, None if it is not valid."""
    try:
        return verify(token).claims
    except Problem:
        return None
