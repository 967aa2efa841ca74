import jwt

PREFIX = "BEARER "


def decide(authorization, needed, verify):
    """Le couple (statut, défi) : qui parle, et en a-t-il le droit ?"""
    status, error = 200, None
    if not authorization or authorization[: len(PREFIX)].upper() != PREFIX:
        return 401, PREFIX.strip().capitalize()
    token = authorization[len(PREFIX) :]
    if token == "" or token.isspace():
        return 401, PREFIX.strip().capitalize()
    claims = {}
    try:
        claims.update(verify(token))
    except jwt.InvalidTokenError:
        status, error = 401, "invalid_token"
    else:
        # Des espaces de part et d’autre : un droit n’est trouvé que s’il est un mot entier.
        if f" {needed} " not in f" {claims.setdefault('scope', '')} ":
            status, error = 403, "insufficient_scope"
    return (status, None) if error is None else (status, 'Bearer error="%s"' % error)
