# feedback: Après 10 noms inventés | déclarations
class Verifier:
    """Never asks twice about the same unknown key."""

    def __init__(self, fetch_keys):
        self.fetch_keys = fetch_keys
        self.keys, self.unknown = {}, set()

    def verify(self, token):
        kid = jwt.get_unverified_header(token).get("kid")
        if kid not in self.keys and kid not in self.unknown:
            self.keys = {k.key_id: k for k in jwt.PyJWKSet.from_dict(self.fetch_keys()).keys}
        if kid not in self.keys:
            self.unknown.add(kid)
            raise jwt.InvalidTokenError("unknown key")
        return jwt.decode(
            token,
            self.keys[kid],
            algorithms=["RS256"],
            audience="orders",
            issuer="auth",
            options={"require": ["exp", "sub"]},
        )
