# feedback: un seul X-User-Id, celui du jeton
# mistake: garde(nt) l’identité du client quand elle est vraie
def outgoing(headers, user):
    kept = []
    for name, value in headers:
        if name.lower().replace("_", "-").startswith("x-user-") and value != user:
            continue
        kept.append((name, value))
    if user is not None:
        kept.append(("X-User-Id", user))
    return kept
