"""Identity: who sends this request, proven by a JWT that auth signed for us.

Every service checks for itself: signature by a key of auth's JWKS, issuer, audience, expiry.
Sources: RFC 7519, RFC 8725 (best practices: one algorithm, never the token's own choice),
RFC 6750 (401 when we do not know who, 403 when we know and it is not enough), RFC 9068.
"""

import functools
import logging
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

import jwt
import requests
from flask import current_app, g, request

from services.chassis import credential, settings
from services.chassis.calls import Unavailable, service
from services.chassis.outage import Outage
from services.chassis.problems import Problem

ALGORITHMS = ["RS256"]
LEEWAY_SECONDS = 5
KEYS_SECONDS = 60
REFETCHES, REFETCH_SECONDS = 10, 20


@dataclass(frozen=True)
class Identity:
    """Who sends the request: `sub` (text), `scopes`, the whole `claims`, the `token` itself."""

    sub: str
    scopes: frozenset
    claims: dict
    token: str


def identity():
    """The Identity of the current request; 401 if there is none."""
    if "identity" not in g:
        g.identity = verify(_bearer())
    return g.identity


def require_scope(scope):
    """Let only those pass whose token carries `scope`: 401 without a valid one, else 403."""

    def decorate(view):
        @functools.wraps(view)
        def guarded(*arguments, **options):
            _require(scope)
            return view(*arguments, **options)

        guarded.required_scope = scope
        return guarded

    return decorate


def check_first():
    """A before_request hook: an unknown caller gets 401, before a wrong body would get 422."""
    view = current_app.view_functions.get(request.endpoint)
    if hasattr(view, "required_credential"):
        credential.require()
    if hasattr(view, "required_scope"):
        _require(view.required_scope)


def _require(scope):
    if scope not in identity().scopes:
        challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
        raise Problem(403, f"Il faut le droit « {scope} ».", {"WWW-Authenticate": challenge})


def verify(token):
    """The Identity a token proves; 401 if it proves none."""
    try:
        key = keys.find(jwt.get_unverified_header(token).get("kid"))
        claims = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=settings.service_name(),
            issuer=settings.token_issuer(),
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    # A token's header is JSON too, which anybody may nest as deep as its length allows.
    except (jwt.PyJWTError, UnknownKey, RecursionError) as error:
        raise _unauthorized("Ce jeton n’est pas valable ici.", invalid=True) from error
    scopes = claims.get("scope", "")
    return Identity(claims["sub"], frozenset(str(scopes).split()), claims, token)


class UnknownKey(Exception):
    """No key of the issuer has this id."""


class Keys:
    """The issuer's public keys, cached; `fetch()` returns its JWKS as a dict (RFC 7517).

    Fetched once, again when an unknown key id appears (rotation), and every KEYS_SECONDS
    (revocation). Not PyJWT's PyJWKClient: it would fetch without our breaker, deadline and trace,
    and refuse the keys it knows while the issuer is silent.
    """

    def __init__(self, fetch, clock=time.monotonic):
        self.fetch, self.clock = fetch, clock
        self.outage = Outage("auth", logging.getLogger(__name__))
        self._keys, self._fetched = {}, deque([float("-inf")], maxlen=REFETCHES)
        self._fetching = threading.Lock()

    def find(self, kid):
        """The key called `kid`; UnknownKey if the issuer has none, Unavailable if it is silent."""
        if kid not in self._keys:
            self._refresh(lambda: kid in self._keys)
        elif not self._fresh():
            # The issuer's silence does not make a key we know a bad one.
            with suppress(Unavailable):
                self._refresh(self._fresh)
        if kid not in self._keys:
            raise UnknownKey(kid)
        return self._keys[kid]

    def _refresh(self, needless):
        with self._fetching:
            if needless() or self._too_often():
                return
            try:
                self._keys = _public_keys(self.fetch)
            except Unavailable as error:
                self.outage.begins(error.description)
                raise
            self.outage.ends()
            self._fetched.append(self.clock())

    def _too_often(self):
        """Forged key ids must not make us hammer the issuer."""
        full = len(self._fetched) == REFETCHES
        return full and self.clock() - self._fetched[0] < REFETCH_SECONDS

    def _fresh(self):
        return self.clock() - self._fetched[-1] < KEYS_SECONDS


def _public_keys(fetch):
    try:
        found = jwt.PyJWKSet.from_dict(fetch()).keys
    except (jwt.PyJWTError, AttributeError, requests.JSONDecodeError) as error:
        raise Unavailable(
            settings.token_issuer(), "Les clés de signature sont illisibles."
        ) from error
    return {key.key_id: key.key for key in found if key.key_type == "RSA"}


def _fetch_from_auth():
    return service("auth").get("/.well-known/jwks.json").json()


keys = Keys(_fetch_from_auth)


def trust(fetch):
    """Take the keys from `fetch()`, a JWKS as a dict, and not from auth: for the issuer itself."""
    keys.fetch = fetch


def _bearer():
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise _unauthorized("Il faut s’identifier : il manque un jeton.")
    return token.strip()


def _unauthorized(detail, invalid=False):
    challenge = 'Bearer error="invalid_token"' if invalid else "Bearer"
    return Problem(401, detail, {"WWW-Authenticate": challenge})
