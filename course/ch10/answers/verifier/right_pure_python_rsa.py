import binascii
import hashlib
import hmac
import json
from base64 import urlsafe_b64decode
from datetime import datetime, timedelta, timezone

from jwt import InvalidSignatureError, InvalidTokenError

# DigestInfo de SHA-256 (RFC 8017, 9.2)
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")


def _bytes(text):
    if set(text) & set("+/=\n\r\t "):
        raise ValueError("base64url mal écrit")
    return urlsafe_b64decode(text + "==")


def _integer(text):
    return int(binascii.hexlify(_bytes(text)), 16)


def _signed_by(key, message, signature):
    n, e = key
    size = (n.bit_length() + 7) // 8
    if len(signature) != size:
        return False
    found = pow(int.from_bytes(signature, "big"), e, n).to_bytes(size, "big")
    digest = SHA256_PREFIX + hashlib.sha256(message).digest()
    expected = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
    return hmac.compare_digest(found, expected)


class Verifier:
    """Vérifie les jetons destinés à orders."""

    leeway = timedelta(minutes=1)

    def __init__(self, fetch_keys):
        self.fetch_keys = fetch_keys
        self.keys = {}  # kid → (n, e)

    def verify(self, token):
        """Les déclarations d’un bon jeton ; une exception de PyJWT pour tout autre."""
        try:
            message, _, signature = token.rpartition(".")
            head, body = message.split(".")
            header, claims = json.loads(_bytes(head)), json.loads(_bytes(body))
            signature = _bytes(signature)
            assert isinstance(header, dict) and isinstance(claims, dict)
            assert header.get("alg") == "RS256", "algorithme"
            assert isinstance(header.get("kid"), str), "kid"
            key = self.keys.get(header["kid"]) or self._refresh().get(header["kid"])
            assert key is not None, "clé inconnue"
        except Exception as error:
            raise InvalidTokenError(f"jeton refusé : {error}") from error
        if not _signed_by(key, message.encode(), signature):
            raise InvalidSignatureError("signature")
        problems = list(self._problems(claims))
        if problems:
            raise InvalidTokenError(", ".join(problems))
        return claims

    def _refresh(self):
        fresh = {}
        for key in self.fetch_keys()["keys"]:
            if key.get("kty") == "RSA" and key.get("kid"):
                fresh[key["kid"]] = _integer(key["n"]), _integer(key["e"])
        self.keys = fresh
        return fresh

    def _problems(self, claims):
        now = datetime.now(timezone.utc)
        if claims.get("iss") != "auth":
            yield "émetteur"
        match claims.get("aud"):
            case "orders":
                pass
            case [*names] if "orders" in names:
                pass
            case _:
                yield "destinataire"
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            yield "sujet"
        exp, nbf = claims.get("exp"), claims.get("nbf", 0)
        try:
            if datetime.fromtimestamp(exp, timezone.utc) + self.leeway <= now:
                yield "expiré"
            if datetime.fromtimestamp(nbf, timezone.utc) - self.leeway > now:
                yield "trop tôt"
        except (TypeError, ValueError, OverflowError, OSError):
            yield "dates"
