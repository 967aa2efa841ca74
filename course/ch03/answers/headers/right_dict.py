# note : un dictionnaire, comme le texte le permet ; il perd un nom honnête répété (voir ambiguities_B.md).
def outgoing(headers, user):
    """Les en-têtes à transmettre au service."""
    sent = {
        name: value
        for name, value in headers
        if not name.upper().replace("-", "_").startswith("X_USER_")
    }
    if user is not None:
        sent["X-User-Id"] = user
    return sent
