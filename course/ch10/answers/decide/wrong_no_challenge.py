# feedback: défi | None
# mistake: oublie(nt) le défi WWW-Authenticate
# the status alone, as most tutorials do.
def decide(authorization, needed, verify):
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return 401, None
    try:
        claims = verify(token)
    except jwt.InvalidTokenError:
        return 401, None
    return (200 if needed in claims.get("scope", "").split() else 403), None
