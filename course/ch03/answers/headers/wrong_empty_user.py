# feedback: une fois «  »
# mistake: (prend|prennent) une identité vide pour une absence
def outgoing(headers, user):
    kept = [(n, v) for n, v in headers if not n.lower().replace("_", "-").startswith("x-user-")]
    if user:
        kept.append(("X-User-Id", user))
    return kept
