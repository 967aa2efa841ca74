# feedback: Basic | 401
# mistake: accepte(nt) un autre schéma que Bearer
# a scheme that is not Bearer is called an insufficient right.
def decide(authorization, needed, verify):
    token = (authorization or "").rpartition(" ")[2]
    if not authorization or token in ("", "Bearer"):
        return 401, "Bearer"
    if "Bearer" not in authorization and "bearer" not in authorization.lower():
        return 403, "Bearer"
    try:
        claims = verify(token)
    except jwt.InvalidTokenError:
        return 401, 'Bearer error="invalid_token"'
    if needed not in claims.get("scope", "").split():
        return 403, 'Bearer error="insufficient_scope"'
    return 200, None
