"""Tokens true and forged: an issuer of our own, and what attackers and mistakes make of it.

Auth would sign none of these. Sources of the list: RFC 8725 (JSON Web Token Best Current
Practices), sections 2 and 3; RFC 9068, section 4.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER, AUDIENCE = "auth", "orders"
HOUR, DAY = 3600, 86_400
Claims = dict[str, Any]


class Issuer:
    """Signs whatever it is told, under RSA keys that rotate and are withdrawn."""

    def __init__(self) -> None:
        self._keys: dict[str, rsa.RSAPrivateKey] = {}
        self._unpublished: set[str] = set()
        self._turn = 0
        self.kid = self.rotate()

    def rotate(self, published: bool = True) -> str:
        """A new key signs from now on; the old ones stay published. Returns its id."""
        self._turn += 1
        self.kid = uuid.uuid4().hex
        self._keys[self.kid] = _drawn(f"key {self._turn}")
        if not published:
            self._unpublished.add(self.kid)
        return self.kid

    def publish(self, kid: str) -> None:
        """Publish a key that signed before anybody could know it."""
        self._unpublished.remove(kid)

    def withdraw(self, kid: str) -> None:
        """Publish this key no more: what it signed proves nothing from now on."""
        del self._keys[kid]

    def jwks(self) -> dict[str, Any]:
        """The published keys (RFC 7517), newest first, as auth gives them."""
        to_jwk = jwt.algorithms.RSAAlgorithm.to_jwk
        return {
            "keys": [
                {**to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", "alg": "RS256"}
                for kid, key in reversed(self._keys.items())
                if kid not in self._unpublished
            ]
        }

    def public_pem(self) -> bytes:
        """The public key that is current, as everybody may read it."""
        return (
            self._keys[self.kid]
            .public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )

    def sign(self, claims: Claims, algorithm: str = "RS256", named: str | None = None) -> str:
        """A token of these claims under the current key, or under that key and another's name."""
        key, headers = self._keys[self.kid], {"kid": named or self.kid}
        return jwt.encode(claims, key, algorithm=algorithm, headers=headers)


def claims(**changes: Any) -> Claims:
    """What a good token claims, with changes; a claim changed to None is left out."""
    now = int(time.time())
    usual = {
        "iss": ISSUER,
        "aud": ["gateway", AUDIENCE],
        "sub": "alice",
        "scope": "orders:read orders:write",
        "iat": now - 10,
        "exp": now + HOUR,
        "jti": uuid.uuid4().hex,
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


# -- forged without the private key ------------------------------------------------------------


def unsigned(issuer: Issuer) -> str:
    return _joined({"alg": "none", "typ": "JWT", "kid": issuer.kid}, claims(sub="admin"))


def signed_with_the_public_key(issuer: Issuer) -> str:
    """The public key taken for the secret of an HMAC."""
    text = _joined({"alg": "HS256", "typ": "JWT", "kid": issuer.kid}, claims(sub="admin"))
    signed = text.removesuffix(".")
    return f"{signed}.{_base64(hmac.digest(issuer.public_pem(), signed.encode(), hashlib.sha256))}"


def altered(issuer: Issuer) -> str:
    """Another name under the signature of a true token."""
    header, _, signature = issuer.sign(claims()).split(".")
    return f"{header}.{_json64(claims(sub='admin'))}.{signature}"


def stripped(issuer: Issuer) -> str:
    """A true token whose signature is gone."""
    return issuer.sign(claims(sub="admin")).rpartition(".")[0] + "."


def signed_by_a_stranger(issuer: Issuer) -> str:
    return jwt.encode(
        claims(sub="admin"), _stranger(), algorithm="RS256", headers={"kid": issuer.kid}
    )


def bringing_its_own_key(issuer: Issuer) -> str:
    """The stranger's key travels in the header (`jwk`), under a name nobody knows."""
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(_stranger().public_key(), as_dict=True)
    headers = {"kid": uuid.uuid4().hex, "jwk": jwk}
    return jwt.encode(claims(sub="admin"), _stranger(), algorithm="RS256", headers=headers)


def without_a_key_id(issuer: Issuer) -> str:
    """A stranger's."""
    return jwt.encode(claims(sub="admin"), _stranger(), algorithm="RS256")


# -- signed by the issuer, and not good here ---------------------------------------------------


def _signed(**changes: Any) -> Callable[[Issuer], str]:
    return lambda issuer: issuer.sign(claims(**{n: _now(v) for n, v in changes.items()}))


class After(int):
    """Seconds from now."""


def _now(value: Any) -> Any:
    return int(time.time()) + value if isinstance(value, After) else value


# By what a reader calls each; the first ten are shown in the text, in this order.
FORGERIES: dict[str, Callable[[Issuer], str]] = {
    "« alg : none », sans signature": unsigned,
    "HS256, signé avec la clé publique": signed_with_the_public_key,
    "contenu changé, ancienne signature": altered,
    "signé par une autre clé": signed_by_a_stranger,
    "expiré depuis une heure": _signed(exp=After(-HOUR)),
    "sans date d’expiration": _signed(exp=None),
    "destiné à payments": _signed(aud=["payments"]),
    "sans destinataire": _signed(aud=None),
    "d’un autre émetteur": _signed(iss="auth-de-test"),
    "valable demain seulement": _signed(nbf=After(DAY)),
}
MORE_FORGERIES: dict[str, Callable[[Issuer], str]] = {
    "sans signature du tout": stripped,
    "qui apporte sa propre clé": bringing_its_own_key,
    "sans nom de clé (kid)": without_a_key_id,
    "destiné à orders-archive": _signed(aud="orders-archive"),
    "destiné à gateway et payments": _signed(aud=["gateway", "payments"]),
    "sans émetteur": _signed(iss=None),
    "sans sujet (sub)": _signed(sub=None),
    "expiré depuis deux minutes": _signed(exp=After(-120)),
    "signé en RS512": lambda issuer: issuer.sign(claims(), algorithm="RS512"),
}


# -- verifiers ---------------------------------------------------------------------------------


def obeys_the_header(token: str, issuer: Issuer) -> Claims:
    """The naive verifier: the token itself says how it wants to be checked.

    Written by hand, since PyJWT refuses: its `algorithms` is required, and HMAC refuses a PEM.
    """
    signed, _, signature = token.rpartition(".")
    head, _, body = signed.partition(".")
    match json.loads(_decoded(head))["alg"]:
        case "none":
            good = True
        case "HS256":
            expected = hmac.digest(issuer.public_pem(), signed.encode(), hashlib.sha256)
            good = hmac.compare_digest(expected, _decoded(signature))
        case _:
            rs256 = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256)
            key = rs256.prepare_key(issuer.public_pem())
            good = rs256.verify(signed.encode(), key, _decoded(signature))
    if not good:
        raise jwt.InvalidSignatureError("Signature verification failed")
    return json.loads(_decoded(body))


def hasty(token: str, issuer: Issuer) -> Claims:
    """PyJWT with the right key and algorithm, and its complaint about the audience silenced."""
    return jwt.decode(
        token, issuer.public_pem(), algorithms=["RS256"], options={"verify_aud": False}
    )


def strict(token: str, issuer: Issuer) -> Claims:
    """PyJWT told all it must check."""
    return jwt.decode(
        token,
        issuer.public_pem(),
        algorithms=["RS256"],
        audience=AUDIENCE,
        issuer=ISSUER,
        options={"require": ["exp", "sub"]},
    )


# -- pieces of a token -------------------------------------------------------------------------


@cache
def _drawn(name: str) -> rsa.RSAPrivateKey:
    """A key pair, the same for this name as long as the process lives: drawing one takes a while.

    Two issuers of one process share their keys, under other ids.
    """
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _stranger() -> rsa.RSAPrivateKey:
    """A key that no issuer has ever published."""
    return _drawn("stranger")


def _joined(header: dict[str, Any], body: Claims) -> str:
    return f"{_json64(header)}.{_json64(body)}."


def _json64(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
