# feedback: Aucun faux jeton n’entre
import jwt


class Verifier:
    """Vérifie les jetons destinés à orders."""

    def __init__(self, fetch_keys):
        self.fetch_keys = fetch_keys
        self.keys = {}  # kid → clé

    def reload(self):
        fresh = {}
        for jwk in self.fetch_keys()["keys"]:
            try:
                fresh[jwk["kid"]] = jwt.PyJWK(jwk)
            except (KeyError, jwt.PyJWTError):
                pass
        self.keys = fresh

    def verify(self, token):
        """Les déclarations d’un bon jeton ; une exception de PyJWT pour tout autre."""
        header = jwt.get_unverified_header(token)
        kid = header.get("kid")
        if kid not in self.keys:
            try:
                self.reload()
            except Exception as error:
                raise jwt.InvalidTokenError("auth est injoignable") from error
        if kid not in self.keys:
            raise jwt.InvalidTokenError("kid inconnu")
        return jwt.decode(
            token,
            self.keys[kid].key,
            algorithms=[header["alg"]],
            issuer="auth",
            audience="orders",
            leeway=60,
            options={"require": ["exp", "sub", "iss", "aud"], "verify_iat": False},
        )
