# feedback: Basic
# mistake: accepte(nt) un autre schéma que Bearer
import jwt


def decide(authorization, needed, verify):
    parts = (authorization or "").split(maxsplit=1)
    if len(parts) < 2:
        return 401, "Bearer"
    try:
        claims = verify(parts[1])
    except jwt.InvalidTokenError:
        return 401, 'Bearer error="invalid_token"'
    if needed not in claims.get("scope", "").split():
        return 403, 'Bearer error="insufficient_scope"'
    return 200, None
