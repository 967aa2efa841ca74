# feedback: un bon jeton
# mistake: accepte(nt) un jeton collé au schéma
import jwt


def decide(authorization, needed, verify):
    header = authorization or ""
    if header[:6].lower() != "bearer":
        return 401, "Bearer"
    token = header[6:].strip()
    if not token:
        return 401, "Bearer"
    try:
        claims = verify(token)
    except jwt.InvalidTokenError:
        return 401, 'Bearer error="invalid_token"'
    if needed not in claims.get("scope", "").split():
        return 403, 'Bearer error="insufficient_scope"'
    return 200, None
