import time


class Verifier:
    """Reads the keys again after a minute, and at once for an unknown one."""

    MAX_AGE = 60

    def __init__(self, fetch_keys):
        self.fetch_keys = fetch_keys
        self.keys, self.read_at = [], float("-inf")

    def verify(self, token):
        kid = jwt.get_unverified_header(token).get("kid")
        if self.find(kid) is None or time.monotonic() - self.read_at > self.MAX_AGE:
            self.keys = self.fetch_keys()["keys"]
            self.read_at = time.monotonic()
        jwk = self.find(kid)
        if jwk is None or jwk["kty"] != "RSA":
            raise jwt.InvalidKeyError("unknown key")
        return jwt.decode(
            token,
            jwt.algorithms.RSAAlgorithm.from_jwk(jwk),
            algorithms=["RS256"],
            issuer="auth",
            audience="orders",
            options={"require": ["sub", "exp"]},
        )

    def find(self, kid):
        return next((jwk for jwk in self.keys if jwk["kid"] == kid), None)
