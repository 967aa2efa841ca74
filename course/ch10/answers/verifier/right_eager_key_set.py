class Verifier:
    def __init__(self, fetch_keys):
        self.fetch_keys = fetch_keys
        self.key_set = jwt.PyJWKSet.from_dict(fetch_keys())

    def verify(self, token):
        header = jwt.get_unverified_header(token)
        key = self.find(header.get("kid", ""))
        claims = jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})
        audience = claims.get("aud", [])
        if "orders" not in ([audience] if isinstance(audience, str) else audience):
            raise jwt.InvalidAudienceError("not for us")
        if claims.get("iss") != "auth":
            raise jwt.InvalidIssuerError("not from auth")
        for name in ("sub", "exp"):
            if name not in claims:
                raise jwt.MissingRequiredClaimError(name)
        return claims

    def find(self, kid):
        try:
            return self.key_set[kid]
        except KeyError:
            self.key_set = jwt.PyJWKSet.from_dict(self.fetch_keys())
        try:
            return self.key_set[kid]
        except KeyError:
            raise jwt.PyJWKClientError(f"unknown key {kid}") from None
