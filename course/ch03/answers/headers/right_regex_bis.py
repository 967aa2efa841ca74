import re

FORGED = re.compile(r"x[-_]user[-_]", re.IGNORECASE | re.ASCII)


def outgoing(headers, user):
    """Les en-têtes à transmettre au service."""
    mine = [] if user is None else [("X-User-Id", user)]
    return mine + [pair for pair in headers if not FORGED.match(pair[0])]
