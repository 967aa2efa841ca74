"""A door of the experiments: one service that asks who comes in, in four ways.

    GET /open     nobody asks
    GET /ask      auth is asked at every request (RFC 7662)
    GET /verify   the token is checked here, by auth's public keys, fetched once
    GET /module   the module's middleware, in Python: 401 without a token, 403 for a bad one

It stands where the module's API Gateway stands, and accepts the tokens meant for ours.
"""

import os
import time
from functools import partial
from http import HTTPStatus
from urllib.parse import urlencode

import jwt
from flask import Flask, abort, g, request

AUDIENCE, ISSUER = "gateway", "auth"
SECONDS = 2.0


def create_door(client):
    """The Flask application; `client` calls auth: client.get(path), client.post(path, …)."""
    app, auth = Flask("porte"), Auth(client)
    ways = {"/open": _open, "/ask": _ask, "/verify": _verify, "/module": _follow_the_module}
    for path, way in ways.items():
        app.add_url_rule(path, path, partial(way, auth))
    app.before_request(_start_the_clock)
    app.after_request(_say_how_long)
    return app


def _open(auth):
    return {"sub": None}


def _ask(auth):
    claims = auth.introspect(_token())
    if not claims["active"]:
        abort(HTTPStatus.UNAUTHORIZED)
    return {"sub": claims["sub"]}


def _verify(auth):
    try:
        return {"sub": auth.verify(_token())["sub"]}
    except jwt.PyJWTError:
        abort(HTTPStatus.UNAUTHORIZED)


def _follow_the_module(auth):
    if not _token():
        return {"error": "Access token required"}, HTTPStatus.UNAUTHORIZED
    try:
        return {"sub": auth.verify(_token())["sub"]}
    except jwt.PyJWTError:
        return {"error": "Invalid token"}, HTTPStatus.FORBIDDEN


def _start_the_clock():
    g.started = time.perf_counter()


def _say_how_long(response):
    """The milliseconds spent in here, as W3C's Server Timing has it."""
    spent = 1000 * (time.perf_counter() - g.started)
    response.headers["Server-Timing"] = f"door;dur={spent:.3f}"
    return response


def _token():
    return request.headers.get("Authorization", "").partition(" ")[2]


class Auth:
    """Auth as the door knows it: whom to ask, and the public keys it has already given."""

    def __init__(self, client):
        self.client, self.keys, self.own_token = client, {}, ""

    def introspect(self, token):
        """What auth says of the token. Asking needs a token too, or anybody could try theirs."""
        answer = self._ask_about(token)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            self._log_in()
            answer = self._ask_about(token)
        return answer.json()

    def verify(self, token):
        """The claims of a good token; auth is asked only for a key that we have not yet."""
        kid = jwt.get_unverified_header(token).get("kid")
        if kid not in self.keys:
            found = self.client.get("/.well-known/jwks.json", timeout=SECONDS)
            self.keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(found.json()).keys}
        if kid not in self.keys:
            raise jwt.InvalidTokenError("unknown key")
        return jwt.decode(
            token,
            self.keys[kid],
            algorithms=["RS256"],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": ["exp", "sub"]},
        )

    def _ask_about(self, token):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        proof = {"Authorization": f"Bearer {self.own_token}"}
        return self.client.post(
            "/introspect",
            data=urlencode({"token": token}),
            headers={**form, **proof},
            timeout=SECONDS,
        )

    def _log_in(self):
        account = {"username": "admin", "password": os.environ["DEMO_PASSWORD"]}
        answer = self.client.post("/login", json=account, timeout=SECONDS)
        self.own_token = answer.json()["access_token"]
