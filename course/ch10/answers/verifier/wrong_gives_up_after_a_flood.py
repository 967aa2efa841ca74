# feedback: Après 10 noms inventés | déclarations
class Verifier:
    """Reads the keys at most eight times in its life."""

    def __init__(self, fetch_keys):
        self.fetch_keys, self.left, self.keys = fetch_keys, 8, {}

    def verify(self, token):
        kid = jwt.get_unverified_header(token).get("kid")
        if kid not in self.keys and self.left:
            self.left -= 1
            self.keys = {k.key_id: k for k in jwt.PyJWKSet.from_dict(self.fetch_keys()).keys}
        if kid not in self.keys:
            raise jwt.InvalidTokenError("unknown key")
        return jwt.decode(
            token,
            self.keys[kid],
            algorithms=["RS256"],
            audience="orders",
            issuer="auth",
            options={"require": ["exp", "sub"]},
        )
