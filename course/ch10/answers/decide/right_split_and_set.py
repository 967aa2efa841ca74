def decide(authorization, needed, verify):
    words = (authorization or "").split()
    if len(words) != 2 or words[0].upper() != "BEARER":
        return (401, "Bearer")
    try:
        granted = set((verify(words[1]).get("scope") or "").split(" "))
    except jwt.PyJWTError:
        return (401, 'Bearer error="invalid_token"')
    if {needed} <= granted:
        return (200, None)
    return (403, f'Bearer error="insufficient_scope", scope="{needed}"')
