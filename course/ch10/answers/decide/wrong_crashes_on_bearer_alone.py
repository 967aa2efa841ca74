# feedback: IndexError
# mistake: plante(nt) sur Bearer seul
# the module's middleware word for word: split(' ')[1], which JavaScript forgives and Python does not.
def decide(authorization, needed, verify):
    if not authorization:
        return 401, "Bearer"
    token = authorization.split(" ")[1]
    try:
        claims = verify(token)
    except jwt.InvalidTokenError:
        return 401, 'Bearer error="invalid_token"'
    if needed not in claims.get("scope", "").split():
        return 403, 'Bearer error="insufficient_scope"'
    return 200, None
