import jwt


class Verifier:
    """Vérifie les jetons destinés à orders."""

    def __init__(self, fetch_keys):
        self.fetch_keys = fetch_keys
        self.keys = {}  # kid → clé

    def verify(self, token):
        """Les déclarations d’un bon jeton ; une exception de PyJWT pour tout autre."""
        kid = jwt.get_unverified_header(token).get("kid")
        if kid not in self.keys:
            self._reload()
        if kid not in self.keys:
            raise jwt.InvalidTokenError(f"clé inconnue : {kid!r}")
        return jwt.decode(
            token,
            self.keys[kid],
            algorithms=["RS256"],
            audience="orders",
            issuer="auth",
            leeway=60,
            options={"require": ["iss", "aud", "sub", "exp"], "verify_iat": False},
        )

    def _reload(self):
        try:
            published = self.fetch_keys()["keys"]
        except Exception as error:
            raise jwt.InvalidTokenError("auth ne répond pas") from error
        self.keys = {}
        for key in published:
            try:
                self.keys[key["kid"]] = jwt.PyJWK(key)
            except (jwt.PyJWTError, KeyError):
                continue  # une clé d’une autre sorte ne sert pas ici
