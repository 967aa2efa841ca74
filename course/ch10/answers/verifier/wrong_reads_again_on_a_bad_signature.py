# feedback: d’une clé déjà lue | aucun appel
class Verifier:
    """A bad signature might be that of a changed key: reads the keys again, and tries once more."""

    def __init__(self, fetch_keys):
        self.fetch_keys, self.keys = fetch_keys, {}

    def verify(self, token):
        kid = jwt.get_unverified_header(token).get("kid")
        if kid not in self.keys:
            self.read()
        try:
            return self.decoded(token, kid)
        except jwt.InvalidSignatureError:
            self.read()
            return self.decoded(token, kid)

    def read(self):
        self.keys = {k.key_id: k for k in jwt.PyJWKSet.from_dict(self.fetch_keys()).keys}

    def decoded(self, token, kid):
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
