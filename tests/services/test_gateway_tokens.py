"""Forged tokens: none gets through the gateway, and none would get through without it."""

import base64
import hashlib
import hmac
import json
import sqlite3
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def encoded(data):
    data = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Forger:
    """Somebody with a good token of alice's, our public key, and once even the private one."""

    def __init__(self, token, private_pem):
        self.token = token
        self.header = jwt.get_unverified_header(token)
        self.claims = jwt.decode(token, options={"verify_signature": False})
        self.private = private_pem
        public = serialization.load_pem_private_key(private_pem.encode(), None).public_key()
        self.public = public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.own = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def signed(self, key=None, algorithm="RS256", header=(), without=(), **claims):
        """Well signed, but for what is said otherwise."""
        claims = {**self.claims, **claims}
        for name in without:
            claims.pop(name)
        header = {"kid": self.header["kid"], **dict(header)}
        header = {name: value for name, value in header.items() if value is not None}
        return jwt.PyJWS().encode(
            json.dumps(claims).encode(), key or self.private, algorithm=algorithm, headers=header
        )

    def unsigned(self, algorithm):
        return f"{encoded({**self.header, 'alg': algorithm})}.{encoded(self.claims)}."

    def hmacked(self, key):
        """HS256 by hand: PyJWT would refuse to take a public key for a secret."""
        message = f"{encoded({**self.header, 'alg': 'HS256'})}.{encoded(self.claims)}"
        return f"{message}.{encoded(hmac.digest(key, message.encode(), hashlib.sha256))}"

    def parts(self):
        return self.token.split(".")

    def own_jwk(self):
        return jwt.algorithms.RSAAlgorithm.to_jwk(self.own.public_key(), as_dict=True)


def tampered(forger):
    head, _, signature = forger.parts()
    return f"{head}.{encoded({**forger.claims, 'sub': 'admin'})}.{signature}"


def broken_signature(forger):
    token = forger.token
    return token[:-10] + ("A" if token[-10] != "A" else "B") + token[-9:]


HOUR = 3600
FORGERIES = {
    "alg none": lambda f: f.unsigned("none"),
    "alg nOnE": lambda f: f.unsigned("nOnE"),
    "alg empty": lambda f: f.unsigned(""),
    "HS256 with the public key": lambda f: f.hmacked(f.public),
    "HS256 with an empty key": lambda f: f.hmacked(b""),
    "HS256 with the key id": lambda f: f.hmacked(f.header["kid"].encode()),
    "RS512 with the right key": lambda f: f.signed(algorithm="RS512"),
    "PS256 with the right key": lambda f: f.signed(algorithm="PS256"),
    "another key, our kid": lambda f: f.signed(f.own),
    "another key, its own kid": lambda f: f.signed(f.own, header={"kid": "mine"}),
    "no kid": lambda f: f.signed(header={"kid": None}),
    "kid is a path": lambda f: f.signed(f.own, header={"kid": "../../../dev/null"}),
    "kid is SQL": lambda f: f.signed(f.own, header={"kid": "' OR 1=1 --"}),
    "kid is empty": lambda f: f.signed(f.own, header={"kid": ""}),
    "kid is a list": lambda f: f"{encoded({**f.header, 'kid': ['a']})}.{encoded(f.claims)}.AAAA",
    "own key in the header": lambda f: f.signed(f.own, header={"jwk": f.own_jwk()}),
    "own key set by URL": lambda f: f.signed(f.own, header={"jku": "http://127.0.0.1:9/keys"}),
    "unknown critical header": lambda f: f.signed(header={"crit": ["door"], "door": "open"}),
    "expired": lambda f: f.signed(exp=int(time.time()) - 60),
    "no expiry": lambda f: f.signed(without=["exp"]),
    "expiry is text": lambda f: f.signed(exp="tomorrow"),
    "expiry is infinite": lambda f: f.signed(exp=float("inf")),
    "not yet valid": lambda f: f.signed(nbf=int(time.time()) + HOUR),
    "issued tomorrow": lambda f: f.signed(iat=int(time.time()) + 24 * HOUR),
    "another issuer": lambda f: f.signed(iss="https://evil.example.org"),
    "no issuer": lambda f: f.signed(without=["iss"]),
    "another audience": lambda f: f.signed(aud=["somebody-else"]),
    "audience looks like ours": lambda f: f.signed(aud="gateway-users"),
    "no audience": lambda f: f.signed(without=["aud"]),
    "no subject": lambda f: f.signed(without=["sub"]),
    "subject is a number": lambda f: f.signed(sub=1),
    "subject is a list": lambda f: f.signed(sub=["alice"]),
    "payload changed": tampered,
    "signature changed": broken_signature,
    "signature removed": lambda f: ".".join(f.parts()[:2]) + ".",
    "two parts only": lambda f: ".".join(f.parts()[:2]),
    "payload is a list": lambda f: jwt.PyJWS().encode(b"[1]", f.private, "RS256", f.header),
    "not a token": lambda f: "abc",
    "nothing": lambda f: "",
}


@pytest.fixture(scope="module")
def services(start_shared):
    services = start_shared.together("auth", "users", "products", "gateway", RATE_LIMIT="100000")
    services["auth"].password = start_shared.password
    services["auth"].database = start_shared.folder / "auth.db"
    return services


@pytest.fixture(scope="module")
def forger(services):
    auth = services["auth"]
    answer = auth.post("/login", {"username": "alice", "password": auth.password})
    with sqlite3.connect(auth.database) as connection:
        (private_pem,) = connection.execute("SELECT private_pem FROM signing_keys").fetchone()
    return Forger(answer.json()["access_token"], private_pem)


@pytest.mark.parametrize("kind", FORGERIES)
@pytest.mark.parametrize("door", ["gateway", "users"])
def test_refused(services, forger, door, kind):
    """401, and what to do about it; never 403, never 500."""
    headers = {"Authorization": f"Bearer {FORGERIES[kind](forger)}"}
    answer = services[door].get("/users/me", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("door", ["gateway", "users"])
def test_the_forger_can_also_sign_well(services, forger, door):
    """Otherwise the refusals above would prove nothing."""
    for scheme in ("Bearer", "bearer"):
        headers = {"Authorization": f"{scheme} {forger.signed()}"}

        assert services[door].get("/users/me", headers=headers).json()["id"] == "alice"


@pytest.mark.parametrize(
    "authorization", ["Basic {}", "Token {}", "{}", "Bearer", "Bearer  ", "Bearer {} {}"]
)
def test_other_schemes_are_no_token(services, forger, authorization):
    """A good token in a bad envelope is none."""
    headers = {"Authorization": authorization.format(forger.token, forger.token)}

    assert services["gateway"].get("/users/me", headers=headers).status_code == 401


def test_a_good_token_is_not_enough(services, forger):
    """We know who it is (so not 401) and what she may not do: 403, and which scope it takes."""
    headers = {"Authorization": f"Bearer {forger.token}"}
    product = {"sku": "NEW", "name": "Neuf", "price_cents": 1}
    answer = services["gateway"].post("/products", product, headers=headers)

    assert answer.status_code == 403
    assert 'scope="products:write"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("scope", [["products:write"], {"products:write": 1}, None, 1, "products"])
def test_strange_scopes_give_no_right(services, forger, scope):
    """Even well signed, only the exact word opens."""
    headers = {"Authorization": f"Bearer {forger.signed(scope=scope)}"}
    product = {"sku": "NEW", "name": "Neuf", "price_cents": 1}

    assert services["products"].post("/products", product, headers=headers).status_code == 403


def test_a_stranger_learns_nothing_of_the_body(services):
    """Who you are comes first: 401 before any 422."""
    assert services["gateway"].post("/products", {"sku": "?"}).status_code == 401
    assert services["products"].post("/products", {"sku": "?"}).status_code == 401
