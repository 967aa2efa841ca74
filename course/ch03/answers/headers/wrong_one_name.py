# feedback: est passé jusqu’au service
# mistake: n’ôte(nt) qu’un des en-têtes d’identité
def outgoing(headers, user):
    kept = [h for h in headers if h[0].lower().replace("_", "-") != "x-user-id"]
    return kept if user is None else [*kept, ("X-User-Id", user)]
