# feedback: est passé jusqu’au service | majuscules
# mistake: oublie(nt) les majuscules
def outgoing(headers, user):
    kept = [(name, value) for name, value in headers if name != "X-User-Id"]
    return kept if user is None else [*kept, ("X-User-Id", user)]
