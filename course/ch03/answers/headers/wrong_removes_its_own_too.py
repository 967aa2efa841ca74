# feedback: X-User-Id | rien
# mistake: ôte(nt) aussi l’identité du jeton
def outgoing(headers, user):
    if user is not None:
        headers = [*headers, ("X-User-Id", user)]
    return [h for h in headers if not h[0].lower().replace("_", "-").startswith("x-user-")]
