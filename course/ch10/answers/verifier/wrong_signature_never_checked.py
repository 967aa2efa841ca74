# feedback: contenu changé | est accepté
# reads the claims and checks all of them, and not the signature.
class Verifier:
    def __init__(self, fetch_keys):
        self.fetch_keys = fetch_keys
        fetch_keys()

    def verify(self, token):
        if jwt.get_unverified_header(token)["alg"] != "RS256":
            raise jwt.InvalidAlgorithmError("RS256 only")
        return jwt.decode(
            token,
            options={"verify_signature": False, "verify_exp": True, "verify_aud": True,
                     "verify_iss": True, "verify_nbf": True, "require": ["exp", "sub"]},
            audience="orders",
            issuer="auth",
        )
