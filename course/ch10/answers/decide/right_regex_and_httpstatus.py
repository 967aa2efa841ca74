import re
from http import HTTPStatus


def decide(authorization, needed, verify):
    match = re.fullmatch(r"(?i:bearer)\s+(\S+)", authorization or "")
    if match is None:
        return HTTPStatus.UNAUTHORIZED, 'Bearer realm="boutique"'
    try:
        claims = verify(match[1])
    except jwt.InvalidTokenError as error:
        return HTTPStatus.UNAUTHORIZED, (
            f'Bearer realm="boutique", error="invalid_token", error_description="{error}"'
        )
    scopes = re.split(r"\s+", claims["scope"]) if "scope" in claims else []
    if scopes.count(needed):
        return HTTPStatus.OK, None
    return HTTPStatus.FORBIDDEN, 'Bearer realm="boutique", error="insufficient_scope"'
