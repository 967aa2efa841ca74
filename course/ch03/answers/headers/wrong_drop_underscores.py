# feedback: tout ce qui n’est pas une identité, sans rien y changer
# mistake: ôte(nt) aussi des en-têtes qui n’en sont pas
def outgoing(headers, user):
    kept = [(n, v) for n, v in headers if "_" not in n and not n.lower().startswith("x-user-")]
    if user is not None:
        kept.append(("X-User-Id", user))
    return kept
