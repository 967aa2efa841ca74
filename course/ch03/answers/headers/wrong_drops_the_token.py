# feedback: N’est pas arrivé au service | Authorization
# mistake: ôte(nt) le jeton
def outgoing(headers, user):
    kept = [
        (name, value)
        for name, value in headers
        if not name.lower().replace("_", "-").startswith(("x-user-", "authorization"))
    ]
    return kept if user is None else [*kept, ("X-User-Id", user)]
