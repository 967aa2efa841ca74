"""Access tokens (RFC 7519, RFC 9068): signed with RS256, verified by anyone who has the JWKS."""

import time
import uuid

import jwt

ISSUER = "auth"
AUDIENCE = ["gateway", "auth", "users", "products", "inventory", "orders", "payments"]
AUDIENCE += ["notifications"]


class Tokens:
    """Tokens that live *lifetime* seconds, signed and verified with the keys of *keys*."""

    def __init__(self, keys, lifetime, clock=time.time):
        self.keys = keys
        self.lifetime = lifetime
        self.clock = clock

    def issue(self, account):
        """A token that says who its bearer is and what they may do."""
        kid, private_key = self.keys.current()
        now = int(self.clock())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": account.username,
            "scope": account.scope,
            "iat": now,
            "nbf": now,
            "exp": now + self.lifetime,
            "jti": uuid.uuid4().hex,
        }
        return jwt.encode(claims, private_key, algorithm="RS256", headers={"kid": kid})
