import jwt


def decide(authorization, needed, verify):
    """Le couple (statut, défi) : qui parle, et en a-t-il le droit ?"""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return 401, "Bearer"
    try:
        claims = verify(token.strip())
    except jwt.InvalidTokenError:
        return 401, 'Bearer error="invalid_token"'
    if needed not in claims.get("scope", "").split():
        return 403, 'Bearer error="insufficient_scope"'
    return 200, None
