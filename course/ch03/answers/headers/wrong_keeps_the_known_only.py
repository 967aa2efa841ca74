# feedback: N’est pas arrivé au service
# mistake: ne garde(nt) que les en-têtes connus
KNOWN = {"accept", "authorization", "content-type"}


def outgoing(headers, user):
    kept = [(name, value) for name, value in headers if name.lower() in KNOWN]
    return kept if user is None else [*kept, ("X-User-Id", user)]
