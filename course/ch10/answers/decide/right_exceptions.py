class Refused(Exception):
    def __init__(self, status, error=None):
        self.answer = status, f'Bearer error="{error}"' if error else "Bearer"


def token_in(header):
    scheme, space, token = str(header).partition(" ")
    if scheme.casefold() != "bearer" or not token.strip():
        raise Refused(401)
    return token.strip()


def claims_of(token, verify):
    try:
        return verify(token)
    except jwt.InvalidTokenError:
        raise Refused(401, "invalid_token") from None


def decide(authorization, needed, verify):
    try:
        claims = claims_of(token_in(authorization), verify)
        if needed not in claims.get("scope", "").split():
            raise Refused(403, "insufficient_scope")
    except Refused as refused:
        return refused.answer
    return [200, ""]
