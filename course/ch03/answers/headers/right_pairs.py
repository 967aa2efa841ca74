def outgoing(headers, user):
    """Les en-têtes à transmettre au service."""
    kept = []
    for name, value in headers:
        if not name.lower().replace("_", "-").startswith("x-user-"):
            kept.append((name, value))
    if user is not None:
        kept.append(("X-User-Id", user))
    return kept
