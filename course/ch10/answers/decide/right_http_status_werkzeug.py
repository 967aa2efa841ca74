from http import HTTPStatus

import jwt
from werkzeug.datastructures import Authorization


def decide(authorization, needed, verify):
    """Le couple (statut, défi) : qui parle, et en a-t-il le droit ?"""
    credentials = Authorization.from_header(authorization)
    if credentials is None or credentials.type != "bearer" or not credentials.token:
        return HTTPStatus.UNAUTHORIZED, "Bearer"
    try:
        granted = verify(credentials.token).get("scope") or ""
    except jwt.InvalidTokenError:
        return HTTPStatus.UNAUTHORIZED, 'Bearer error="invalid_token"'
    if {needed}.issubset(granted.split(" ")):
        return HTTPStatus.OK, None
    return HTTPStatus.FORBIDDEN, 'Bearer error="insufficient_scope"'
