# feedback: est passé jusqu’au service
# mistake: ajoute(nt) l’identité sans ôter la fausse
def outgoing(headers, user):
    return headers if user is None else [*headers, ("X-User-Id", user)]
