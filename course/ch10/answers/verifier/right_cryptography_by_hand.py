import base64
import json
import time

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

MINUTE = 60


def unb64(text):
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def number(text):
    return int.from_bytes(unb64(text), "big")


class Verifier:
    """Vérifie les jetons destinés à orders."""

    def __init__(self, fetch_keys):
        self.fetch_keys = fetch_keys
        self.keys = {}  # kid → clé

    def verify(self, token):
        """Les déclarations d’un bon jeton ; une exception de PyJWT pour tout autre."""
        try:
            return self._verify(token)
        except jwt.PyJWTError:
            raise
        except InvalidSignature as error:
            raise jwt.InvalidSignatureError("signature fausse") from error
        except Exception as error:
            raise jwt.DecodeError("jeton illisible") from error

    def _verify(self, token):
        head, body, signature = token.split(".")
        header = json.loads(unb64(head))
        if header["alg"] != "RS256":
            raise jwt.InvalidAlgorithmError(header["alg"])
        key = self._key(header["kid"])
        key.verify(unb64(signature), f"{head}.{body}".encode("ascii"), PKCS1v15(), SHA256())
        claims = json.loads(unb64(body))
        self._judge(claims)
        return claims

    def _key(self, kid):
        if kid not in self.keys:
            self.keys = {
                key["kid"]: RSAPublicNumbers(number(key["e"]), number(key["n"])).public_key()
                for key in self.fetch_keys()["keys"]
                if key.get("kty") == "RSA" and "kid" in key
            }
        if kid not in self.keys:
            raise jwt.InvalidKeyError(f"personne ne publie {kid!r}")
        return self.keys[kid]

    @staticmethod
    def _judge(claims):
        now = time.time()
        for name in ("iss", "aud", "sub", "exp"):
            if claims.get(name) is None:
                raise jwt.MissingRequiredClaimError(name)
        if claims["iss"] != "auth":
            raise jwt.InvalidIssuerError(claims["iss"])
        audience = claims["aud"]
        if "orders" not in ([audience] if isinstance(audience, str) else audience):
            raise jwt.InvalidAudienceError(audience)
        if not isinstance(claims["sub"], str):
            raise jwt.InvalidSubjectError(claims["sub"])
        if not float(claims["exp"]) > now - MINUTE:
            raise jwt.ExpiredSignatureError(claims["exp"])
        if "nbf" in claims and not float(claims["nbf"]) <= now + MINUTE:
            raise jwt.ImmatureSignatureError(claims["nbf"])
