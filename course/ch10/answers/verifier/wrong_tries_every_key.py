# feedback: fetch_keys | aucun appel
class Verifier:
    """Ignores the key id: tries each published key, and asks again when none fits."""

    def __init__(self, fetch_keys):
        self.fetch_keys = fetch_keys
        self.keys = None

    def verify(self, token):
        jwt.decode(token, options={"verify_signature": False})  # refuses what is no token
        if self.keys is not None:
            try:
                return self.with_any_key(token)
            except jwt.InvalidSignatureError:
                pass
        self.keys = [jwt.PyJWK(jwk) for jwk in self.fetch_keys()["keys"]]
        return self.with_any_key(token)

    def with_any_key(self, token):
        for key in self.keys:
            try:
                return jwt.decode(
                    token,
                    key.key,
                    ["RS256"],
                    {"require": ["exp", "sub", "aud", "iss"]},
                    audience="orders",
                    issuer=["auth"],
                    leeway=30,
                )
            except jwt.InvalidSignatureError:
                continue
        raise jwt.InvalidSignatureError("no key fits")
