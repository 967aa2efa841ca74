# feedback: est passé jusqu’au service
# mistake: n’ôte(nt) que le premier en-tête trouvé
def outgoing(headers, user):
    headers = list(headers)
    for n, (name, _) in enumerate(headers):
        if name.lower().replace("_", "-").startswith("x-user-"):
            del headers[n]
            break
    return headers if user is None else [*headers, ("X-User-Id", user)]
