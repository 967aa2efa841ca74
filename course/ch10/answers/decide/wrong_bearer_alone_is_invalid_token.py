# feedback: Bearer | défi
# mistake: (prend|prennent) l’absence de jeton pour un jeton faux
import jwt


def decide(authorization, needed, verify):
    if authorization is None:
        return 401, "Bearer"
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        return 401, "Bearer"
    try:
        claims = verify(token)
    except jwt.InvalidTokenError:
        return 401, 'Bearer error="invalid_token"'
    if needed not in claims.get("scope", "").split():
        return 403, 'Bearer error="insufficient_scope"'
    return 200, None
