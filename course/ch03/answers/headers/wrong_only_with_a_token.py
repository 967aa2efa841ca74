# feedback: D’un inconnu | est passé jusqu’au service
# mistake: laisse(nt) passer la fausse identité d’un inconnu
def outgoing(headers, user):
    if user is None:
        return headers
    kept = [h for h in headers if not h[0].lower().replace("_", "-").startswith("x-user-")]
    return [*kept, ("X-User-Id", user)]
