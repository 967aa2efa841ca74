from dataclasses import dataclass

import jwt


@dataclass
class Refusal(Exception):
    status: int
    error: str | None = None

    @property
    def challenge(self):
        return "Bearer" if self.error is None else f'Bearer error="{self.error}"'


def read_token(authorization):
    if authorization is None:
        raise Refusal(401)
    pieces = authorization.split()
    if len(pieces) != 2 or pieces[0].casefold() != "bearer":
        raise Refusal(401)
    return pieces[1]


def authenticate(token, verify):
    try:
        return verify(token)
    except jwt.InvalidTokenError as error:
        raise Refusal(401, "invalid_token") from error


def authorize(claims, needed):
    try:
        scopes = claims["scope"].split()
    except KeyError:
        scopes = []
    if scopes.count(needed) == 0:
        raise Refusal(403, "insufficient_scope")


def decide(authorization, needed, verify):
    """Le couple (statut, défi) : qui parle, et en a-t-il le droit ?"""
    try:
        authorize(authenticate(read_token(authorization), verify), needed)
    except Refusal as refusal:
        return refusal.status, refusal.challenge
    else:
        return 200, None
