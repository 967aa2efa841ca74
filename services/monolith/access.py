"""Accounts and tokens: the monolith issues tokens itself, and checks its own."""

import os
import time
import uuid
from collections import defaultdict, deque
from functools import cache
from math import ceil
from threading import Lock

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from services.chassis import Problem, settings
from services.chassis.identity import trust
from services.monolith.application import app
from services.monolith.schemas import Credentials, KeySet, Token
from services.monolith.tables import Account, SigningKey, database

LIFETIME = 900  # seconds
ATTEMPTS, WINDOW = 10, 60  # log-ins for one account in so many seconds
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
recent, counting = defaultdict(deque), Lock()


@app.post("/auth/login", responses={200: Token})
def login(body: Credentials):
    """Un nom et un mot de passe contre un jeton."""
    throttle(body.username)
    with database.reading() as session:
        account = session.get(Account, body.username)
    try:
        # As much work for an unknown name as for a wrong password.
        hasher.verify(account.password_hash if account else hash_of_nobody(), body.password)
    except VerifyMismatchError:
        challenge = {"WWW-Authenticate": "Bearer"}
        raise Problem(401, "Nom ou mot de passe inconnu.", challenge) from None
    with counting:
        recent.pop(body.username, None)
    token = {"access_token": issue(account), "token_type": "Bearer", "expires_in": LIFETIME}
    return token, {"Cache-Control": "no-store"}


@app.get("/auth/.well-known/jwks.json", responses={200: KeySet})
def show_keys():
    """La clé publique."""
    return public_keys(), {"Cache-Control": "public, max-age=60"}


def issue(account):
    key, now = signing_key(), int(time.time())
    claims = {
        "iss": settings.token_issuer(),
        "aud": [settings.service_name()],
        "sub": account.username,
        "scope": account.scope,
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME,
        "jti": uuid.uuid4().hex,
    }
    kid = {"kid": key.public_jwk["kid"]}
    return jwt.encode(claims, key.private_pem, algorithm="RS256", headers=kid)


def public_keys():
    return {"keys": [signing_key().public_jwk]}


trust(public_keys)


def signing_key():
    with database.reading() as session:
        return session.get(SigningKey, 1)


def make_key():
    """A fresh RSA key; the private part stays in the database."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    jwk |= {"kid": uuid.uuid4().hex, "use": "sig", "alg": "RS256"}
    return SigningKey(number=1, private_pem=pem.decode(), public_jwk=jwk)


def throttle(username):
    """429 beyond ATTEMPTS tries in WINDOW seconds; the right password clears the count."""
    with counting:
        now = time.monotonic()
        for name in [name for name, tries in recent.items() if tries[-1] <= now - WINDOW]:
            del recent[name]
        tries = recent[username]
        while tries and tries[0] <= now - WINDOW:
            tries.popleft()
        if len(tries) >= ATTEMPTS:
            wait = ceil(tries[0] + WINDOW - now)
            detail = f"Trop d’essais : réessayez dans {wait} s."
            raise Problem(429, detail, {"Retry-After": str(wait)})
        tries.append(now)


@cache
def hash_of_nobody():
    """The hash of a password that nobody has."""
    return hasher.hash(os.urandom(32))
