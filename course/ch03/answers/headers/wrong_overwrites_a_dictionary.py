# feedback: est passé jusqu’au service
# mistake: (perd|perdent) les en-têtes répétés
def outgoing(headers, user):
    result = dict(headers)
    result.pop("X-User-Id", None)
    if user is not None:
        result["X-User-Id"] = user
    return result
