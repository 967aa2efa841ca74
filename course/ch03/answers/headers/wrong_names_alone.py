# feedback: liste de couples
# mistake: (rend|rendent) les noms sans les valeurs
def outgoing(headers, user):
    kept = [n for n, _ in headers if not n.lower().replace("_", "-").startswith("x-user-")]
    return kept if user is None else [*kept, "X-User-Id"]
