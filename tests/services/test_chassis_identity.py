"""Tokens: forged in every way we know, and keys that change while the service runs."""

import base64
import hashlib
import hmac
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from services.chassis.identity import (
    KEYS_SECONDS,
    REFETCH_SECONDS,
    REFETCHES,
    Keys,
    UnknownKey,
)

AUTH = """
    import json
    from pathlib import Path
    from flask import Flask, Response

    app = Flask(__name__)
    asked = []


    @app.get("/.well-known/jwks.json")
    def jwks():
        asked.append(1)
        return Response(Path("jwks.json").read_text(), content_type="application/json")


    @app.get("/asked")
    def show():
        return {"times": len(asked)}
"""

SHOP = """
    from flask import Flask
    from services.chassis.identity import identity, require_scope

    app = Flask(__name__)


    @app.get("/me")
    def me():
        return {"sub": identity().sub, "scopes": sorted(identity().scopes)}


    @app.post("/products")
    @require_scope("products:write")
    def add():
        return {}, 201
"""


class Issuer:
    """Signs tokens with a key of its own, right unless told otherwise."""

    def __init__(self, kid="key-1"):
        self.kid = kid
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def claims(self, **changes):
        now = int(time.time())
        claims = {
            "iss": "auth", "sub": "alice", "aud": ["shop", "orders"], "iat": now, "exp": now + 300,
            "scope": "orders:read orders:write",
        }  # fmt: skip
        claims.update(changes)
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, key=None, algorithm="RS256", headers=None, **changes):
        headers = {"kid": self.kid, **(headers or {})}
        return jwt.encode(self.claims(**changes), key or self.key, algorithm, headers)

    def jwk(self):
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {**public, "kid": self.kid, "use": "sig", "alg": "RS256"}

    def public_pem(self):
        return self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@pytest.fixture(scope="module")
def issuer():
    return Issuer()


@pytest.fixture(scope="module")
def auth(start_shared, issuer):
    publish(start_shared, issuer)
    return start_shared.script("auth", AUTH)


@pytest.fixture(scope="module")
def shop(start_shared, auth):
    return start_shared.script("shop", SHOP, PEERS=json.dumps({"auth": [auth.url]}))


def publish(start, *issuers):
    keys = {"keys": [issuer.jwk() for issuer in issuers]}
    (start.folder / "jwks.json").write_text(json.dumps(keys))


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def by_hand(header, claims, signature=b""):
    """A token no library would make."""
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def signed_with_the_public_key(issuer):
    """Algorithm confusion: the public key, known to all, used as an HMAC secret."""
    header = {"alg": "HS256", "typ": "JWT", "kid": issuer.kid}
    unsigned = by_hand(header, issuer.claims()).rsplit(".", 1)[0]
    signature = hmac.new(issuer.public_pem(), unsigned.encode(), hashlib.sha256).digest()
    return by_hand(header, issuer.claims(), signature)


def tampered(issuer):
    """A true token whose claims were changed after it was signed."""
    header, _, signature = issuer.token().split(".")
    claims = json.dumps(issuer.claims(scope="products:write")).encode()
    return f"{header}.{base64.urlsafe_b64encode(claims).rstrip(b'=').decode()}.{signature}"


def own_key_inside(issuer):
    """The forger's own public key, offered in the token's header."""
    forger = Issuer(issuer.kid)
    return forger.token(headers={"jwk": forger.jwk(), "jku": "http://127.0.0.1/forged.json"})


FORGERIES = {
    "no algorithm": lambda issuer: by_hand(
        {"alg": "none", "typ": "JWT", "kid": issuer.kid}, issuer.claims()
    ),
    "no algorithm, oddly written": lambda issuer: by_hand(
        {"alg": "nOnE", "kid": issuer.kid}, issuer.claims()
    ),
    "public key as secret": signed_with_the_public_key,
    "other algorithm": lambda issuer: issuer.token(algorithm="RS512"),
    "padding of another kind": lambda issuer: issuer.token(algorithm="PS256"),
    "elliptic key": lambda issuer: issuer.token(ec.generate_private_key(ec.SECP256R1()), "ES256"),
    "another's key": lambda issuer: Issuer(issuer.kid).token(),
    "own key inside": own_key_inside,
    "tampered": tampered,
    "expired": lambda issuer: issuer.token(exp=int(time.time()) - 60),
    "not yet valid": lambda issuer: issuer.token(nbf=int(time.time()) + 60),
    "issued in the future": lambda issuer: issuer.token(iat=int(time.time()) + 600),
    "for ever": lambda issuer: issuer.token(exp=None),
    "expiry not a number": lambda issuer: issuer.token(exp="tomorrow"),
    "other audience": lambda issuer: issuer.token(aud=["payments"]),
    "audience in part": lambda issuer: issuer.token(aud="shopping"),
    "no audience": lambda issuer: issuer.token(aud=None),
    "other issuer": lambda issuer: issuer.token(iss="mallory"),
    "no issuer": lambda issuer: issuer.token(iss=None),
    "no subject": lambda issuer: issuer.token(sub=None),
    "unknown key": lambda issuer: issuer.token(headers={"kid": "key-9"}),
    "key path": lambda issuer: issuer.token(headers={"kid": "../../dev/null"}),
    "key injection": lambda issuer: issuer.token(headers={"kid": "x' OR '1'='1"}),
    "key not text": lambda issuer: by_hand(
        {"alg": "RS256", "kid": ["key-1"]}, issuer.claims(), b"x"
    ),
    "must understand": lambda issuer: issuer.token(headers={"crit": ["b64"], "b64": False}),
    "subject a number": lambda issuer: by_hand(
        {"alg": "RS256", "kid": issuer.kid}, issuer.claims(sub=7), b"x"
    ),
    "no signature": lambda issuer: issuer.token().rsplit(".", 1)[0] + ".",
    "two parts": lambda issuer: issuer.token().rsplit(".", 1)[0],
    "nonsense": lambda issuer: "nonsense",
    "empty parts": lambda issuer: "..",
    "not ASCII": lambda issuer: "é.é.é",
    "a list": lambda issuer: by_hand({"alg": "RS256", "kid": issuer.kid}, [1], b"x"),
}


class TestAccepted:
    def test_a_true_token(self, shop, issuer):
        response = shop.get("/me", headers=bearer(issuer.token()))

        assert response.json() == {"sub": "alice", "scopes": ["orders:read", "orders:write"]}

    def test_with_the_right_scope(self, shop, issuer):
        token = issuer.token(scope="products:write")

        assert shop.post("/products", headers=bearer(token)).status_code == 201

    def test_a_clock_a_little_off(self, shop, issuer):
        now = int(time.time())
        token = issuer.token(exp=now - 2, nbf=now + 2, iat=now + 2)

        assert shop.get("/me", headers=bearer(token)).status_code == 200


class TestRefused:
    @pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
    def test_forgeries_are_401(self, shop, issuer, forge):
        """We do not know who it is: 401, with the challenge RFC 6750 asks for."""
        headers = {"Authorization": f"Bearer {forge(issuer)}".encode()}
        response = shop.get("/me", headers=headers)

        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
        assert response.headers["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Token abc"])
    def test_without_a_token_401_asks_for_one(self, shop, header):
        response = shop.get("/me", headers={"Authorization": header} if header is not None else {})

        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize("scope", ["orders:write", "", "products:writer", "PRODUCTS:*", None])
    def test_known_but_not_allowed_is_403(self, shop, issuer, scope):
        response = shop.post("/products", headers=bearer(issuer.token(scope=scope)))

        assert response.status_code == 403
        assert 'error="insufficient_scope"' in response.headers["WWW-Authenticate"]

    def test_a_subject_that_is_no_text(self, shop, issuer):
        """Rightly signed all the same: PyJWT will not sign it, so we do."""
        header = {"alg": "RS256", "kid": issuer.kid}
        unsigned = by_hand(header, issuer.claims(sub=7)).rsplit(".", 1)[0]
        algorithm = jwt.get_algorithm_by_name("RS256")
        signature = algorithm.sign(unsigned.encode(), issuer.key)
        token = by_hand(header, issuer.claims(sub=7), signature)

        assert shop.get("/me", headers=bearer(token)).status_code == 401

    def test_no_token_in_the_logs(self, shop, issuer):
        token = issuer.token()
        shop.get("/me", headers=bearer(token))

        assert token not in shop.text()


class TestKeys:
    def test_rotation_needs_no_restart(self, start, issuer):
        """The new key is fetched when it is first met; the old one serves until it is withdrawn."""
        new = Issuer("key-2")
        publish(start, issuer)
        auth = start.script("auth", AUTH)
        shop = start.script("shop", SHOP, PEERS=json.dumps({"auth": [auth.url]}))
        assert shop.get("/me", headers=bearer(issuer.token())).status_code == 200

        publish(start, issuer, new)

        assert shop.get("/me", headers=bearer(new.token())).status_code == 200
        assert shop.get("/me", headers=bearer(issuer.token())).status_code == 200
        for _ in range(5):
            shop.get("/me", headers=bearer(new.token()))
        assert auth.get("/asked").json() == {"times": 2}

    def test_known_keys_outlive_auth(self, start, issuer):
        """Auth being down does not log everybody out; a stranger's key cannot be judged: 503."""
        publish(start, issuer)
        auth = start.script("auth", AUTH)
        shop = start.script("shop", SHOP, PEERS=json.dumps({"auth": [auth.url]}))
        shop.get("/me", headers=bearer(issuer.token()))
        auth.kill()

        assert shop.get("/me", headers=bearer(issuer.token())).status_code == 200
        assert shop.get("/me", headers=bearer(Issuer("key-2").token())).status_code == 503

    def test_says_why_auth_cannot_be_asked(self, issuer, caplog):
        """Known keys serve on in silence; the log has one line, with the reason."""
        now, answers = [0.0], [{"keys": [issuer.jwk()]}]
        keys = Keys(lambda: answers[0], clock=lambda: now[0])
        keys.find("key-1")
        answers[0] = "nonsense"
        for _ in range(3):
            now[0] += KEYS_SECONDS + 1
            assert keys.find("key-1")

        (record,) = caplog.records
        assert (record.levelname, record.name) == ("WARNING", "services.chassis.identity")
        assert "illisibles" in record.getMessage()

    def test_a_withdrawn_key_is_forgotten(self, issuer):
        now, published = [0.0], [issuer.jwk()]
        keys = Keys(lambda: {"keys": published}, clock=lambda: now[0])
        keys.find("key-1")
        published[:] = [Issuer("key-2").jwk()]
        now[0] += 61

        with pytest.raises(UnknownKey):
            keys.find("key-1")

    def test_forged_ids_do_not_hammer_the_issuer(self, issuer):
        now, asked = [0.0], []
        keys = Keys(lambda: asked.append(1) or {"keys": [issuer.jwk()]}, clock=lambda: now[0])
        for number in range(1000):
            with pytest.raises(UnknownKey):
                keys.find(f"forged-{number}")
        assert len(asked) <= REFETCHES

        now[0] += REFETCH_SECONDS
        with pytest.raises(UnknownKey):
            keys.find("forged")

        assert len(asked) <= REFETCHES + 1
        assert keys.find("key-1")
