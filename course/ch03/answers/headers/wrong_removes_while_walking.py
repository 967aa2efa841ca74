# feedback: est passé jusqu’au service
# mistake: ôte(nt) des en-têtes de la liste en la parcourant
def outgoing(headers, user):
    for pair in headers:
        if pair[0].lower().replace("_", "-").startswith("x-user-"):
            headers.remove(pair)
    return headers if user is None else [*headers, ("X-User-Id", user)]
