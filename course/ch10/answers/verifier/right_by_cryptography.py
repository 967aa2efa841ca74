import base64
import json
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(text):
    return int.from_bytes(decoded(text), "big")


class Verifier:
    """By hand, on the primitives of cryptography."""

    def __init__(self, fetch_keys):
        self.fetch_keys, self.keys = fetch_keys, {}

    def verify(self, token):
        try:
            head, body, signature = token.split(".")
            header, claims = json.loads(decoded(head)), json.loads(decoded(body))
            if header["alg"] != "RS256":
                raise jwt.InvalidAlgorithmError("RS256 only")
            self.key(header["kid"]).verify(
                decoded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), SHA256()
            )
            return self.checked(claims)
        except (ValueError, KeyError, TypeError, InvalidSignature) as error:
            raise jwt.InvalidTokenError(str(error)) from error

    def key(self, kid):
        if kid not in self.keys:
            self.keys = {
                jwk["kid"]: rsa.RSAPublicNumbers(number(jwk["e"]), number(jwk["n"])).public_key()
                for jwk in self.fetch_keys()["keys"]
            }
        return self.keys[kid]

    def checked(self, claims):
        audience = claims["aud"]
        good = (
            claims["iss"] == "auth"
            and "orders" in ([audience] if isinstance(audience, str) else audience)
            and claims["sub"]
            and claims["exp"] > time.time()
            and claims.get("nbf", 0) <= time.time()
        )
        if not good:
            raise jwt.InvalidTokenError("not good here")
        return claims
