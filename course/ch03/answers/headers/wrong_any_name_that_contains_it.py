# feedback: N’est pas arrivé au service | X-Userland
# mistake: ôte(nt) aussi des en-têtes qui n’en sont pas
def outgoing(headers, user):
    kept = [h for h in headers if "x-user" not in h[0].lower().replace("_", "-")]
    return kept if user is None else [*kept, ("X-User-Id", user)]
