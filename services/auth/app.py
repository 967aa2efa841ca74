"""Auth issues the tokens that identify users; each service decides what they may do.

    POST /login                   {"username", "password"} → a token, good for 15 minutes
    GET  /.well-known/jwks.json   the public keys that prove tokens (RFC 7517)
    POST /introspect              form field `token`: is it good? (RFC 7662; tokens:introspect)
    POST /revoke                  form field `token`: end it before its time (RFC 7009)
    POST /keys/rotate             another key signs from now on; what is signed stays good
                                  (scope keys:rotate)

429 with Retry-After for an account tried too often. Two instances may share the database.
"""

import logging
from math import ceil

from flask import abort, request

from services.auth.accounts import Accounts
from services.auth.keys import KeyRing
from services.auth.opening import Opening
from services.auth.revocation import Revocations
from services.auth.schemas import (
    TOKEN_FORM,
    Credentials,
    Introspected,
    KeySet,
    RotatedKey,
    Token,
)
from services.auth.tables import Base
from services.auth.throttle import Throttle
from services.auth.tokens import Tokens
from services.chassis import Problem, create_service, lifecycle, settings
from services.chassis.database import Database
from services.chassis.identity import require_scope, trust

log = logging.getLogger(__name__)
app = create_service("auth", openapi=True)
database = Database(Base)
accounts, throttle = Accounts(database), Throttle(database)
keys = KeyRing(database, token_lifetime=settings.number("TOKEN_LIFETIME", 900))
tokens = Tokens(keys, Revocations(database))
opening = Opening(keys, accounts)
lifecycle.on_start(opening.begin)
trust(lambda: {"keys": keys.public()})


@app.post("/login", responses={200: Token})
def login(body: Credentials):
    """Un nom et un mot de passe contre un jeton."""
    opening.wait()
    if wait := throttle.attempt(body.username):
        seconds = str(ceil(wait))
        raise Problem(429, f"Trop d’essais : réessayez dans {seconds} s.", {"Retry-After": seconds})
    account = accounts.authenticate(body.username, body.password)
    if account is None:
        log.warning("Connexion refusée à %s.", body.username)
        raise Problem(401, "Nom ou mot de passe inconnu.", {"WWW-Authenticate": "Bearer"})
    throttle.forget(body.username)
    token = tokens.issue(account)
    answer = {"access_token": token, "token_type": "Bearer", "expires_in": keys.token_lifetime}
    return answer, {"Cache-Control": "no-store"}


@app.get("/.well-known/jwks.json", responses={200: KeySet})
def show_keys():
    """Les clés publiques."""
    opening.wait()
    return {"keys": keys.public()}, {"Cache-Control": "public, max-age=60"}


@app.post("/introspect", responses={200: Introspected}, openapi_extensions=TOKEN_FORM)
@require_scope("tokens:introspect")
def introspect():
    """Ce que vaut un jeton."""
    return tokens.introspect(token_of_form()), {"Cache-Control": "no-store"}


@app.post("/revoke", responses={200: None}, openapi_extensions=TOKEN_FORM)
def revoke():
    """Fin d’un jeton avant l’heure ; le détenir suffit pour la demander."""
    tokens.revoke(token_of_form())
    return "", 200


@app.post("/keys/rotate", responses={200: RotatedKey})
@require_scope("keys:rotate")
def rotate_keys():
    """Une nouvelle clé signe désormais."""
    return {"kid": keys.rotate()}


def token_of_form():
    """The form's field `token`; 400 without one."""
    if "token" not in request.form:
        abort(400, "Il manque le champ « token » du formulaire.")
    return request.form["token"]
